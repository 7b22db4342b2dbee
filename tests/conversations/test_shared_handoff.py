"""A person answers: what they say reaches the traveller, and the assistant takes up the booking when they leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import BotUttered

from flights import database
from skycap.handoffs import Handoff, HandoffQueue, desk
from skycap.serving.handoffs import Delivery
from skycap.settings import settings
from tests.conversations.test_shared_trouble import broken_database

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")
ASKED_WHEN = "I want to fly from Berlin to Rome"


class Service:
    """A person at the desk, and the server's delivery to a traveller who can be reached or cannot."""

    def __init__(self, dialogue) -> None:
        self.dialogue = dialogue
        self.queue = HandoffQueue(database.engine(settings().flights_url))
        self.heard: list[str] = []
        self.reachable = True

    @property
    def handoff(self) -> Handoff:
        return self.queue.latest_of(self.dialogue.sender)

    def deliver(self) -> list[str]:
        """One round of the server; returns what the traveller hears in it."""
        channel = CollectingOutputChannel()
        channels = {self.handoff.channel: channel if self.reachable else None}
        self.dialogue.stage.run(Delivery(self.dialogue.stage.agent, channels).round())
        return [each["text"] for each in channel.messages]

    def tracker(self):
        return self.dialogue.stage.run(self.dialogue.stage.agent.tracker_store.retrieve(self.dialogue.sender))


def now() -> datetime:
    return datetime.now(timezone.utc)


@pytest.fixture
def service(stage) -> Iterator[Service]:
    with stage.dialogue() as dialogue:
        dialogue.say(ASKED_WHEN)
        dialogue.say("can I talk to a human?")
        yield Service(dialogue)


def test_a_person_sees_why_and_what_was_said_and_known(service) -> None:
    service.dialogue.say("my cat is ill")
    shown = desk.show(service.queue, service.handoff.id, now())
    assert "asked for a person" in shown
    assert "origin: BER" in shown
    said = [line for line in shown.splitlines() if " Traveller: " in line or " Skycap: " in line]
    assert [line.split(" ", 1)[1] for line in said][::2] == [
        f"Traveller: {ASKED_WHEN}",
        "Traveller: can I talk to a human?",
    ]
    assert said[-1].endswith("Traveller: my cat is ill")


def test_a_person_answers_and_the_booking_goes_on_when_they_leave(service) -> None:
    dialogue, number = service.dialogue, service.handoff.id
    service.queue.take(number, "Pat", now())
    service.queue.say(number, "Hello, Pat here.", now())
    assert service.deliver() == ["You are now talking to Pat.", "Hello, Pat here."]
    assert service.deliver() == []
    dialogue.say("next Friday")
    assert dialogue.replies == []
    assert dialogue.slots["departure_date"] is None
    spoken = [event for event in service.tracker().events if isinstance(event, BotUttered)]
    assert (spoken[-1].text, spoken[-1].metadata["spoken_by"]) == ("Hello, Pat here.", "Pat")
    service.queue.close(number, now())
    left, question = service.deliver()
    assert "Pat has left" in left and "leave?" in question
    assert service.deliver() == []
    dialogue.say("next Friday")
    assert dialogue.slots["departure_date"] == "2026-11-27", dialogue.report(["the booking did not go on"])
    assert dialogue.slots["requested_slot"] == "return_date"


def test_a_traveller_who_cannot_be_reached_hears_everything_with_the_next_message(service) -> None:
    dialogue, number = service.dialogue, service.handoff.id
    service.reachable = False
    service.queue.take(number, "Pat", now())
    service.queue.say(number, "Are you there?", now())
    assert service.deliver() == []
    dialogue.say("hello?")
    assert [each["text"] for each in dialogue.replies] == ["You are now talking to Pat.", "Are you there?"]
    service.queue.say(number, "Goodbye then.", now())
    service.queue.close(number, now())
    assert service.deliver() == []
    dialogue.say("next Friday")
    assert dialogue.replies[0]["text"] == "Goodbye then."
    assert "Pat has left" in dialogue.replies[1]["text"]
    assert dialogue.slots["departure_date"] == "2026-11-27", dialogue.report(["the message was not answered"])
    assert service.queue.unfinished() == []


def test_a_traveller_leaves_a_person_only_in_so_many_words(service) -> None:
    dialogue, number = service.dialogue, service.handoff.id
    service.queue.take(number, "Pat", now())
    service.deliver()
    for text in ("never mind", "stop", "cancel that"):
        dialogue.say(text)
        assert dialogue.replies == [], dialogue.report([f"{text!r} said to a person ended the talk"])
    dialogue.say("I want to go back to the bot")
    assert "back with me" in dialogue.text() and "leave?" in dialogue.text()
    assert (service.handoff.state, service.handoff.closed_by) == ("closed", "traveller")
    assert service.deliver() == []


def test_a_traveller_hears_once_that_nobody_is_free(service, monkeypatch) -> None:
    assert service.deliver() == []
    later = now() + timedelta(minutes=settings().handoff_patience_minutes + 1)
    monkeypatch.setattr("skycap.serving.handoffs._now", lambda: later)
    (said,) = service.deliver()
    assert "nobody is free yet" in said
    assert service.deliver() == []
    assert service.handoff.state == "waiting"
    service.queue.take(service.handoff.id, "Pat", later)
    assert service.deliver() == ["You are now talking to Pat."]


def test_a_server_killed_before_it_marked_a_line_as_sent_does_not_say_it_twice(service, monkeypatch) -> None:
    number = service.handoff.id
    service.queue.take(number, "Pat", now())
    service.deliver()
    service.queue.say(number, "Hello.", now())
    with monkeypatch.context() as patch:
        patch.setattr(HandoffQueue, "mark_sent", lambda *arguments: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError, match="killed"):
            service.deliver()
    assert service.queue.unsent(number) != []
    assert service.deliver() == []
    assert service.queue.unsent(number) == []


def test_a_traveller_whose_hand_over_is_gone_is_answered_by_the_assistant(service) -> None:
    with database.write(database.engine(settings().flights_url)) as connection:
        connection.exec_driver_sql("DELETE FROM handoff_lines")
        connection.exec_driver_sql("DELETE FROM handoffs")
    service.dialogue.say("next Friday")
    assert service.dialogue.slots["departure_date"] == "2026-11-27", service.dialogue.report(["silence for ever"])


def test_a_traveller_who_comes_back_after_the_session_is_answered_by_the_assistant(service, monkeypatch) -> None:
    monkeypatch.setattr("skycap.serving.agent.SkycapProcessor._has_session_expired", lambda self, tracker: True)
    service.dialogue.say("hello")
    assert service.dialogue.replies, service.dialogue.report(["silence a day later"])
    assert service.handoff.state == "closed"


def test_user_is_told_when_the_queue_cannot_be_reached(stage) -> None:
    with stage.dialogue() as dialogue:
        dialogue.say(ASKED_WHEN)
        with broken_database():
            dialogue.say("can I talk to a human?")
            assert "can't reach our people" in dialogue.text()
        dialogue.say("next Friday")
        assert dialogue.slots["departure_date"] == "2026-11-27", dialogue.report(["paused without a queue"])


def test_user_outside_the_hours_hears_them_and_goes_on(stage, monkeypatch) -> None:
    with stage.dialogue() as dialogue:
        monkeypatch.setattr("actions.shared_handoff.within_hours", lambda hours, moment: False)
        dialogue.say(ASKED_WHEN)
        dialogue.say("can I talk to a human?")
        assert "nobody is there now" in dialogue.text() and "leave" in dialogue.text()
        assert HandoffQueue(database.engine(settings().flights_url)).all_open() == []
