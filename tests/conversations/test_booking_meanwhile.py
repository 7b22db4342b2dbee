"""What happens meanwhile: seats are sold to others, the hold runs out, the flight leaves, the day of travel passes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flights import bookings, database, inventory
from flights.schedule import offer
from skycap.settings import settings
from tests.conversations.audit import faults
from tests.conversations.script import TODAY
from tests.conversations.stage import environment
from tests.conversations.traveller import OPENING, answer, finish

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")

SEARCH = "one way from Berlin to Rome on November 27, one person"
PERSON = ("the first one", "Anna Schmidt", "anna@example.com", "+49 30 1234567")


def to_summary(dialogue) -> None:
    for text in (SEARCH, *PERSON):
        dialogue.say(text)
    assert dialogue.slots["hold_reference"], dialogue.report(["no seats are held"])


def expire(dialogue) -> None:
    """The hold runs out, and another traveller's booking clears it away."""
    dialogue.wait(minutes=30)
    assert bookings.expire_holds(database.engine(settings().flights_url), settings().now()) == 1


@pytest.mark.parametrize("word", ["stop", "start over"])
def test_user_stops_after_the_hold_ran_out(stage, word) -> None:
    with stage.dialogue() as dialogue:
        to_summary(dialogue)
        expire(dialogue)
        dialogue.say(word)
        assert dialogue.slots["destination"] is None, dialogue.report(["not forgotten"])
        if word == "stop":
            dialogue.say(OPENING)
        assert finish(dialogue), dialogue.report(["no other trip could be booked"])
        assert list(faults(dialogue)) == [], dialogue.report([])


def test_user_changes_the_date_after_the_hold_ran_out(stage) -> None:
    with stage.dialogue() as dialogue:
        to_summary(dialogue)
        expire(dialogue)
        dialogue.say("leave on December 1")
        assert dialogue.cards() == ["offers"], dialogue.report(["no flights of the new day"])
        assert finish(dialogue), dialogue.report(["not booked"])
        assert list(faults(dialogue)) == [], dialogue.report([])


def test_user_comes_back_when_the_hold_ran_out_and_confirms(stage) -> None:
    with stage.dialogue() as dialogue:
        to_summary(dialogue)
        dialogue.wait(minutes=20 * 60)
        dialogue.say("yes")
        assert "20 minutes" in dialogue.text(), dialogue.report(["not told that the seats are gone"])
        assert finish(dialogue), dialogue.report(["not booked"])


def test_user_comes_back_when_the_day_of_travel_has_passed(stage) -> None:
    with stage.dialogue() as dialogue:
        to_summary(dialogue)
        dialogue.wait(minutes=7 * 24 * 60)
        with environment(SKYCAP_TODAY=(TODAY + timedelta(days=8)).isoformat()):
            dialogue.say("yes")
            assert "has already passed" in dialogue.text(), dialogue.report(["not told that the day has passed"])
            assert dialogue.slots["requested_slot"] == "departure_date", dialogue.report(["not asked for another day"])
            assert dialogue.slots["selected_flight"] is None, dialogue.report(["the old flight survives"])
            assert answer(dialogue) == "departure_date"
            assert finish(dialogue), dialogue.report(["not booked"])


def test_user_takes_a_flight_that_leaves_meanwhile(stage, monkeypatch) -> None:
    with stage.dialogue() as dialogue:
        for text in (SEARCH.replace("November 27", "tomorrow"), *PERSON[:3]):
            dialogue.say(text)
        now = type(settings()).now
        monkeypatch.setattr(type(settings()), "now", lambda self: now(self) + timedelta(days=2))
        dialogue.say(PERSON[3])
        assert "already left" in dialogue.text(), dialogue.report(["not told that the flight has left"])
        assert dialogue.slots["selected_flight"] is None, dialogue.report(["the flight that left is still chosen"])
        dialogue.say("leave on December 4")
        assert finish(dialogue), dialogue.report(["not booked"])


def test_user_chooses_a_flight_that_others_buy_meanwhile(stage) -> None:
    with stage.dialogue() as dialogue:
        for text in (SEARCH, *PERSON[:3]):
            dialogue.say(text)
        chosen = dialogue.slots["selected_flight"]
        for cabin in offer(None, chosen).cabins:
            inventory.set_seats(database.engine(settings().flights_url), cabin, seats_total=0)
        dialogue.say(PERSON[3])
        assert "sold out" in dialogue.text(), dialogue.report(["not told that it is sold out"])
        assert dialogue.cards() == ["offers"], dialogue.report(["no other flights"])
        assert finish(dialogue), dialogue.report(["not booked"])
        assert dialogue.slots["selected_flight"] != chosen
