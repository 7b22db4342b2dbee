"""The frame of looking after a booking: what a sentence does to the task, and what is asked next."""

from __future__ import annotations

from datetime import date

import pytest

from flights.my_trip import MY_TRIP, NOTHING, hear, in_view, needs, wanted
from flights.reading import Context
from flights.reading.sentence import Shown
from flights.trip import BOOKING, PERSON, TRIP

TODAY = date(2026, 11, 20)
BOOKED = {
    "origin": "BER",
    "destination": "FCO",
    "departure_date": "2026-11-27",
    "return_date": None,
    "trip_type": "one_way",
    "passengers": 1,
    "cabin": "economy",
    "refundable": False,
}


def say(text: str, intent: str, known=None, *, asked=None, in_form=True, confidence=0.95, shown=()):
    context = Context(TODAY, known=known or {}, asked=asked, intent=intent, confidence=confidence, shown=shown)
    return hear(text, context, in_form=in_form)


def task(wish: str, **more):
    return {"my_trip": {"task": wish, "during_booking": False, **more}}


def proven(wish: str, **more):
    return task(wish, booking="K7QX2M", offer="X", trip=BOOKED, **more)


def test_the_task_has_slots_of_its_own() -> None:
    assert not set(MY_TRIP) & {*TRIP, *BOOKING, *PERSON}


@pytest.mark.parametrize(
    ("intent", "wish"), [("retrieve_booking", "show"), ("change_booking", "change"), ("cancel_booking", "cancel")]
)
@pytest.mark.parametrize("in_form", [True, False])
def test_a_wish_about_a_booking_begins_a_task(intent, wish, in_form) -> None:
    begun = say("about my booking", intent, in_form=in_form)
    assert (begun["my_trip"]["task"], begun["my_trip"]["during_booking"]) == (wish, in_form)
    assert needs(begun) == "trip_reference"


def test_a_wish_brings_its_proof_along() -> None:
    begun = say("cancel booking K7QX2M for Smith", "cancel_booking", in_form=False)
    assert (begun["trip_reference"], begun["trip_last_name"]) == ("K7QX2M", "Smith")


def test_reference_and_name_alone_show_the_booking() -> None:
    assert say("K7QX2M, Smith", "inform", in_form=False)["my_trip"]["task"] == "show"
    assert say("K7QX2M", "inform", in_form=False) is None
    assert say("two people to Rome", "inform", in_form=False) is None


def test_a_change_of_the_trip_being_booked_is_no_task() -> None:
    assert say("change my flight to Friday", "change_booking", asked="selected_flight") is None
    assert (
        say("change my flight to Friday", "change_booking", {"known_booking": "K7QX2M"})["my_trip"]["task"] == "change"
    )
    assert say("I want to change it", "change_booking", asked="confirm_booking") == {"confirm_booking": False}


def test_rather_another_day_changes_the_booking_made_here() -> None:
    known = {"known_booking": "K7QX2M"}
    assert say("I'd rather fly on Friday", "inform", known, in_form=False)["my_trip"]["task"] == "change"
    assert say("I'd rather fly on Friday", "inform", in_form=False) is None
    assert say("I want to fly to Oslo on Friday", "inform", known, in_form=False) is None


def test_proof_is_asked_for_one_after_the_other() -> None:
    known = task("cancel")
    first = say("K7QX2M", "inform", known, asked="trip_reference")
    assert first["trip_reference"] == "K7QX2M"
    assert needs({**known, **first}) == "trip_last_name"
    second = say("Smith", "inform", {**known, **first}, asked="trip_last_name")
    assert (second["trip_last_name"], second["my_trip"]["try"]) == ("Smith", True)


def test_a_reference_that_the_model_takes_for_another_wish_is_an_answer() -> None:
    known = task("cancel")
    heard = say("my booking reference: K7QX2M", "retrieve_booking", known, asked="trip_reference")
    assert heard["my_trip"]["task"] == "cancel"


def test_after_a_wrong_try_either_part_can_be_corrected() -> None:
    known = {**task("show", failed=["K7QX2M", "Smith"]), "trip_reference": "K7QX2M", "trip_last_name": "Smith"}
    assert needs(known) == "trip_reference"
    name = say("I meant Smyth", "inform", known, asked="trip_reference")
    assert (name["trip_last_name"], name["my_trip"]["try"]) == ("Smyth", True)
    reference = say("no, the reference is K7QX2N", "inform", known, asked="trip_reference")
    assert (reference["trip_reference"], "trip_last_name" in reference) == ("K7QX2N", False)
    same = {**known, **say("K7QX2M", "inform", known, asked="trip_reference")}
    assert (same["trip_last_name"], needs(same)) == (None, "trip_last_name")


def test_who_has_no_reference_is_told_what_it_takes() -> None:
    heard = say("I lost it", "nlu_fallback", task("show"), asked="trip_reference")
    assert heard["remarks"] == [{"kind": "proof_needed", "slot": None}]


def test_a_new_trip_ends_the_question_for_proof() -> None:
    assert say("I need a flight to Rome", "search_flights", task("show"), asked="trip_reference") is None


def test_a_choice_among_the_flights_shown_before_ends_the_question_for_proof() -> None:
    shown = (Shown("A", "LH", "09:00", "11:00", 10_000, 120, 0),)
    midway = {"my_trip": {"task": "show", "during_booking": True}}
    assert say("the first one", "choose_flight", midway, asked="trip_reference", shown=shown) is None
    assert say("the first one", "choose_flight", midway, asked="trip_reference") is not None
    assert say("the first one", "choose_flight", task("show"), asked="trip_reference", shown=shown) is not None
    assert say("K7QX2M, the first one", "choose_flight", midway, asked="trip_reference", shown=shown) is not None


@pytest.mark.parametrize("intent", ["faq", "help", "thank", "repeat", "chitchat", "stop", "goodbye"])
@pytest.mark.parametrize("asked", ["trip_reference", "confirm_my_trip"])
def test_a_digression_brings_the_task_nothing(intent, asked) -> None:
    known = proven("cancel") if asked == "confirm_my_trip" else task("cancel")
    assert say("what about my bags?", intent, known, asked=asked) == {}


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("yes", "affirm", True),
        ("yes, cancel it", "stop", True),
        ("yes, thanks, bye", "goodbye", True),
        ("hmm well", "affirm", None),
        ("ok, bye", "affirm", None),
        ("ok, bye", "goodbye", None),
        ("cancel it", "stop", True),
        ("cancel my booking", "cancel_booking", True),
        ("no", "deny", False),
        ("no, keep it", "deny", False),
        ("keep my booking", "retrieve_booking", False),
        ("keep it", "affirm", False),
        ("don't cancel", "deny", False),
        ("is it refundable?", "ask_flight_detail", None),
        ("the first one", "choose_flight", None),
    ],
)
def test_a_cancellation_is_confirmed_in_so_many_words(text, intent, answer) -> None:
    assert say(text, intent, proven("cancel"), asked="confirm_my_trip").get("confirm_my_trip") is answer


def test_a_yes_of_an_earlier_turn_does_not_count() -> None:
    known = {**proven("cancel"), "confirm_my_trip": True}
    assert say("thanks", "thank", known, asked="confirm_my_trip") == {"confirm_my_trip": None}


def test_a_new_day_makes_the_flights_shown_stale() -> None:
    known = {
        **proven("change", offers=[{"id": "A"}], page=1),
        "trip_changes": {"cabin": "business"},
        "trip_flight": "A",
    }
    heard = say("on the 29th", "inform", known, asked="confirm_my_trip")
    assert heard["trip_changes"] == {"departure_date": "2026-11-29", "cabin": "business"}
    assert (heard["trip_flight"], "offers" in heard["my_trip"]) == (None, False)
    assert needs({**known, **heard}) == "trip_flight"


def test_the_day_alone_is_asked_for() -> None:
    known = proven("change")
    heard = say("the departure date", "inform", known, asked="trip_changes")
    assert (heard["my_trip"]["which_day"], needs({**known, **heard})) == ("departure_date", "trip_changes")
    after = say("the 29th", "inform", {**known, **heard}, asked="trip_changes")
    assert (after["trip_changes"], after["my_trip"].get("which_day")) == ({"departure_date": "2026-11-29"}, None)


def test_a_departure_after_the_return_asks_for_the_return() -> None:
    known = proven("change")
    known["my_trip"]["trip"] = {**BOOKED, "trip_type": "round_trip", "return_date": "2026-11-30"}
    heard = say("change it to December 5", "change_booking", known, asked="trip_changes")
    assert heard["my_trip"]["which_day"] == "return_date"


def test_a_change_can_turn_into_a_cancellation_and_back() -> None:
    known = {**proven("change"), "trip_changes": {"cabin": "business"}}
    heard = say("cancel the booking instead", "cancel_booking", known, asked="trip_changes")
    assert (heard["my_trip"]["task"], heard["my_trip"]["booking"], heard["trip_changes"]) == ("cancel", "K7QX2M", None)
    assert say("actually cancel it instead", "stop", known, asked="trip_flight")["my_trip"]["task"] == "cancel"
    heard = say("change it to the 29th", "change_booking", proven("cancel"), asked="confirm_my_trip")
    assert (heard["my_trip"]["task"], heard["my_trip"]["said"]) == ("change", "change it to the 29th")


def test_another_booking_has_to_be_proven_anew() -> None:
    heard = say("cancel booking D8WK3P", "cancel_booking", proven("change"), asked="trip_changes")
    assert ("booking" in heard["my_trip"], heard["trip_reference"]) == (False, "D8WK3P")


def test_the_words_of_a_wish_are_kept_without_the_proof() -> None:
    begun = say("change booking K7QX2M under Smith to Friday", "change_booking", in_form=False)
    assert "K7QX2M" not in begun["my_trip"]["said"] and "Smith" not in begun["my_trip"]["said"]
    assert "Friday" in begun["my_trip"]["said"]


def test_questions_are_about_the_booked_flight_or_those_offered_instead() -> None:
    slots = {**proven("cancel"), "selected_flight": "UNDER WAY", "offers": [{"id": "UNDER WAY"}]}
    assert (in_view(slots)["selected_flight"], in_view(slots)["offers"]) == ("X", None)
    slots |= proven("change", offers=[{"id": "A"}])
    assert (in_view(slots)["selected_flight"], in_view(slots)["offers"]) == (None, [{"id": "A"}])
    assert in_view({**NOTHING, "selected_flight": "Y"})["selected_flight"] == "Y"


def test_what_is_wanted_is_the_booked_trip_with_the_wishes() -> None:
    slots = {**proven("change"), "trip_changes": {"departure_date": "2026-11-29"}}
    assert wanted(slots) == {**BOOKED, "departure_date": "2026-11-29"}
    assert needs(NOTHING) is None
