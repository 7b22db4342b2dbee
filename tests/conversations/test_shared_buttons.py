"""Buttons in a conversation: pressed once, pressed again, pressed when something else is asked, carried elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from skycap.serving.buttons import OLD_BUTTON

TRIP = ("I need a flight from Berlin to Rome on March 12", "one way", "two people", "the first one")
PASSENGER = ("Jordan Smith", "jordan.smith@example.com", "+1 202 555 0143")


def payload_of(dialogue: Any, title: str) -> str:
    shown = [button for reply in dialogue.replies for button in reply.get("buttons") or ()]
    return next(button["payload"] for button in shown if title in button["title"].casefold())


def said_by_travellers(stage: Any, dialogue: Any) -> list[str]:
    tracker = stage.run(stage.agent.tracker_store.get_or_create_tracker(dialogue.sender))
    return [event.text for event in tracker.events if type(event).__name__ == "UserUttered"]


@pytest.fixture
def asked(stage: Any) -> Any:
    """A conversation that asks whether to book."""
    with stage.dialogue() as dialogue:
        for text in (*TRIP, *PASSENGER):
            dialogue.say(text)
        yield dialogue


def test_a_press_books_and_its_words_alone_are_stored(stage: Any, asked: Any) -> None:
    pressed = payload_of(asked, "yes")
    assert "~~" in pressed
    asked.say(pressed)
    assert asked.bookings() == 1
    assert "~~" not in " ".join(said_by_travellers(stage, asked))


def test_pressed_twice_it_is_answered_twice_and_done_once(stage: Any, asked: Any) -> None:
    pressed = payload_of(asked, "yes")
    first = [each.get("text") for each in asked.say(pressed)]
    turns = len(said_by_travellers(stage, asked))
    assert [each.get("text") for each in asked.say(pressed)] == first
    assert (asked.bookings(), len(said_by_travellers(stage, asked))) == (1, turns)


def test_an_old_yes_after_a_change_books_nothing(stage: Any, asked: Any) -> None:
    old = payload_of(asked, "yes")
    for text in ("make it three people", "the first one"):
        asked.say(text)
    said = said_by_travellers(stage, asked)
    new = payload_of(asked, "yes")  # the same is asked again, for another price
    assert [each["text"] for each in asked.say(old)] == [stage.agent.domain.responses[OLD_BUTTON][0]["text"]]
    assert (asked.bookings(), said_by_travellers(stage, asked)) == (0, said)
    asked.say(new)
    assert asked.bookings() == 1


def test_a_used_button_does_not_say_again_what_is_past(asked: Any) -> None:
    pressed = payload_of(asked, "yes")
    asked.say(pressed)
    asked.say("what about baggage?")
    for text in ("thanks", "I need a flight from Berlin to Rome on March 12"):
        asked.say(text)
    assert "Booked" not in " ".join(each.get("text") or "" for each in asked.say(pressed))
    assert asked.bookings() == 1


def test_a_question_in_between_leaves_the_buttons_alive(stage: Any, asked: Any) -> None:
    asked.say("what about baggage?")
    asked.say(payload_of(asked, "yes"))
    assert asked.bookings() == 1


def test_a_button_of_another_conversation_books_nothing(stage: Any, asked: Any) -> None:
    pressed, asked.sender = payload_of(asked, "yes"), asked.sender + "-other"
    assert [each["text"] for each in asked.say(pressed)] == [stage.agent.domain.responses[OLD_BUTTON][0]["text"]]
    assert said_by_travellers(stage, asked) == []


def test_typed_words_are_typed_words(asked: Any) -> None:
    asked.say("yes")
    assert asked.bookings() == 1
