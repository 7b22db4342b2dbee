"""Bookings looked after while something happens in between: sold out, changed by somebody else, the database away."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from flights import bookings, database, inventory, schedule
from skycap.settings import Settings, settings
from tests.conversations.test_shared_trouble import UNAVAILABLE, broken_database

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")

BOOKED = {"departure_date": date(2026, 12, 8)}
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def engine():
    return database.engine(settings().flights_url)


def say_all(dialogue, *texts: str) -> None:
    for text in texts:
        dialogue.say(text)


def test_user_whose_new_flight_sells_out_chooses_another(stage) -> None:
    with stage.dialogue(booked=BOOKED) as dialogue:
        say_all(dialogue, "change booking K7QX2M, Schmidt, to December 12", "the first one")
        chosen = schedule.offer(None, dialogue.slots["trip_flight"])
        inventory.set_seats(engine(), chosen.cabins[0], seats_total=1, seats_sold=1)
        dialogue.say("yes")
        assert "just sold out" in dialogue.text(), dialogue.report(["not told"])
        assert dialogue.cards() == ["offers"] and dialogue.slots["requested_slot"] == "trip_flight"
        assert str(dialogue.booking()["departure_date"]) == "2026-12-08"
        say_all(dialogue, "the first one", "yes")
        assert str(dialogue.booking()["departure_date"]) == "2026-12-12", dialogue.report(["not changed"])


def test_a_yes_does_not_hold_for_a_booking_changed_meanwhile(stage) -> None:
    with stage.dialogue(booked=BOOKED) as dialogue:
        dialogue.say("cancel booking K7QX2M, Schmidt")
        search = {"origin": "BER", "destination": "FCO", "departure_date": date(2026, 12, 10)}
        other = schedule.search(engine(), **search, refundable=True)[0]
        bookings.change(engine(), "K7QX2M", other.id, now=NOW)
        dialogue.say("yes")
        assert "Shall I cancel" in dialogue.text(), dialogue.report(["not asked again"])
        assert "December 10" in dialogue.text() and dialogue.booking()["state"] == "ticketed"
        dialogue.say("yes")
        assert dialogue.booking()["state"] == "cancelled", dialogue.report(["not cancelled"])


def test_user_hears_that_the_database_is_away_and_confirms_anew(stage) -> None:
    with stage.dialogue(booked=BOOKED) as dialogue:
        dialogue.say("cancel booking K7QX2M, Schmidt")
        with broken_database():
            dialogue.say("yes")
            assert dialogue.text() == dialogue.replies[0]["text"] and UNAVAILABLE in dialogue.text(), dialogue.report(
                []
            )
        dialogue.say("thanks")
        assert dialogue.booking()["state"] == "ticketed", dialogue.report(["an old yes was taken"])
        dialogue.say("yes")
        assert dialogue.booking()["state"] == "cancelled", dialogue.report(["not cancelled"])


def test_a_lock_ends_after_the_time_that_is_set(stage, monkeypatch) -> None:
    with stage.dialogue(booked=BOOKED) as dialogue:
        say_all(dialogue, "show booking K7QX2M, Smith", "I meant Smyth", "I meant Miller")
        assert "locked" in dialogue.text(), dialogue.report(["not locked"])
        now = Settings.now
        monkeypatch.setattr(Settings, "now", lambda self: now(self) + timedelta(minutes=31))
        dialogue.say("show booking K7QX2M, Schmidt")
        assert "Your booking K7QX2M" in dialogue.text(), dialogue.report(["still locked"])


@pytest.mark.parametrize(
    "texts",
    [
        ("cancel booking K7QX2M, Schmidt", "yes"),
        ("change my booking", "K7QX2M", "it is under Schmidt"),
        ("show booking K7QX2M, Schmitt",),
    ],
)
def test_the_last_name_that_proves_a_booking_is_nowhere_in_the_conversation_kept(stage, texts) -> None:
    with stage.dialogue(booked=BOOKED) as dialogue:
        say_all(dialogue, *texts)
        tracker = stage.run(stage.agent.tracker_store.get_or_create_tracker(dialogue.sender))
        written = " ".join(str(event.as_dict()) for event in tracker.events)
        assert "K7QX2M" in written and "[NAME:1]" in written
        assert "schmi" not in written.casefold()
