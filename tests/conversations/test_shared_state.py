"""What is kept of a conversation: predictions over the window, a message sent twice, a damaged turn, a failed save."""

from __future__ import annotations

import copy
import logging
from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.state.backend import MemoryState, StaleWrite, Turn
from skycap.state.encoding import decode
from skycap.state.tracker_store import WindowTrackerStore

WINDOW_TURNS = 6
LONG_TALK = (
    "hello", "I need a flight from Berlin to Rome on March 12", "one way", "two people", "what about baggage?",
    "make it three people", "can I take my dog?", "the second one", "go back", "to Madrid instead", "business class",
    "what can you do?", "economy instead", "more options", "the first one", "stop", "thanks", "how do I check in?",
)  # fmt: skip


def test_predictions_over_the_window_are_those_over_everything(stage: Any) -> None:
    with stage.dialogue() as dialogue:
        for text in (*LONG_TALK, *LONG_TALK):
            dialogue.say(text)
    processor, domain = stage.agent.processor, stage.agent.domain
    turns = [decode(text) for text in stage.agent.tracker_store.backend.history(dialogue.sender)]
    store = WindowTrackerStore(domain, backend=MemoryState(), window_turns=WINDOW_TURNS)
    whole, compared = DialogueStateTracker("whole", domain.slots), 0
    for number, turn in enumerate(turns):
        tracker = stage.run(store.get_or_create_tracker("window", append_action_listen=False))
        for event in turn:
            if number > 2 * WINDOW_TURNS and isinstance(event, ActionExecuted):
                over_window, over_all = (processor._predict_next_with_tracker(each) for each in (tracker, whole))
                assert over_window.policy_name == over_all.policy_name
                assert over_window.probabilities == pytest.approx(over_all.probabilities, abs=1e-5)
                compared += 1
            for each in (tracker, whole):
                each.update(copy.copy(event))
        stage.run(store.save(tracker))
    assert compared > 40
    assert sum(isinstance(event, UserUttered) for event in tracker.events) < 3 * WINDOW_TURNS


def test_a_message_sent_twice_is_answered_twice_and_done_once(stage: Any) -> None:
    def say(text: str, message_id: str) -> list[str]:
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, dialogue.sender, message_id=message_id)
        stage.run(stage.agent.handle_message(message))
        return [each.get("text") for each in channel.messages]

    with stage.dialogue() as dialogue:
        for text in ("I need a flight from Berlin to Rome on March 12", "one way", "two people", "the first one"):
            dialogue.say(text)
        for text in ("Jordan Smith", "jordan.smith@example.com", "+1 202 555 0143"):
            dialogue.say(text)
        first, again = say("yes", "platform-7"), say("yes", "platform-7")
        assert "reference is" in " ".join(filter(None, first)) and again == first
        assert dialogue.bookings() == 1


def test_a_damaged_turn_costs_one_conversation(stage: Any, caplog: pytest.LogCaptureFixture) -> None:
    with stage.dialogue() as dialogue, caplog.at_level(logging.CRITICAL):
        dialogue.say("I need a flight from Berlin to Rome on March 12")
        turns = stage.agent.tracker_store.backend._turns[dialogue.sender]
        turns[1] = Turn(turns[1].events[:-9], turns[1].at)
        channel = CollectingOutputChannel()
        stage.run(stage.agent.handle_message(UserMessage("one way", channel, dialogue.sender)))
        excuse = stage.agent.domain.responses["utter_conversation_unreadable"][0]["text"]
        assert [each["text"] for each in channel.messages] == [excuse]
        assert f"conversation {dialogue.sender} cannot be read" in caplog.text
    with stage.dialogue() as another:
        assert another.say("hello")


def test_nothing_is_said_that_was_not_stored(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise StaleWrite("somebody else was faster")

    with stage.dialogue() as dialogue:
        dialogue.say("I need a flight from Berlin to Rome on March 12")
        with monkeypatch.context() as patched:
            patched.setattr(stage.agent.tracker_store.backend, "commit", refuse)
            said = dialogue.say("one way")
        assert len(said) == 1 and "isn't working" in said[0]["text"]
        assert dialogue.slots["trip_type"] is None
        assert "how many" in " ".join(each.get("text") or "" for each in dialogue.say("one way")).lower()
