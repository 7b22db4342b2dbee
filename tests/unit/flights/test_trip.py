"""The order of questions, what makes flights stale, and what a returning traveller need not say again."""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from flights import trip

COMPLETE = {
    "destination": "LIS", "origin": "BER", "departure_date": "2026-12-10", "return_date": "2026-12-15",
    "trip_type": "round_trip", "passengers": 2, "selected_flight": "ONE", "passenger_name": "Anna Schmidt",
    "contact_email": "anna@example.com", "contact_phone": "+49301234567", "confirm_booking": True,
}  # fmt: skip
LAST = SimpleNamespace(origin="BER", destination="ROM", passengers=2, at=datetime(2026, 1, 1, tzinfo=timezone.utc))


def without(*slots: str, **changed) -> dict:
    return {**{slot: value for slot, value in COMPLETE.items() if slot not in slots}, **changed}


@pytest.mark.parametrize(
    ("slots", "asked"),
    [
        ({}, "destination"),
        (without("destination"), "destination"),
        (without("origin"), "origin"),
        (without("origin", "departure_date"), "origin"),
        (without("departure_date"), "departure_date"),
        (without("return_date"), "return_date"),
        (without("return_date", "trip_type"), "return_date"),
        (without("passengers"), "passengers"),
        (without("selected_flight"), "selected_flight"),
        (without("passenger_name", "contact_email"), "passenger_name"),
        (without("contact_email"), "contact_email"),
        (without("contact_phone"), "contact_phone"),
        (without("confirm_booking"), "confirm_booking"),
        (without(confirm_booking=False), "confirm_booking"),
        (without("return_date", trip_type="one_way"), None),
        (without(remembered=["origin"]), "confirm_trip"),
        (without(remembered=["origin"], confirm_trip=False), "confirm_trip"),
        (without(remembered=["origin"], confirm_trip=True), None),
        (without("origin", place_choice={"slot": "destination", "options": ["PDX", "PWM"]}), "place_choice"),
        (without(place_choice={"slot": "destination", "options": ["PDX", "PWM"], "done": True}), None),
        (without("origin", place_choice={"slot": "origin", "options": ["PDX", "PWM"]}), "origin"),
        (COMPLETE, None),
    ],
)
def test_what_is_asked_next(slots: dict, asked: str | None) -> None:
    assert trip.needs(slots) == asked


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        ({"destination": "OPO"}, True),
        ({"departure_date": "2026-12-11"}, True),
        ({"passengers": 3}, True),
        ({"nonstop": True}, True),
        ({"airline": "LH"}, True),
        ({"trip_type": "one_way"}, True),
        ({"airline": "any"}, False),
        ({"nonstop": False}, False),
        ({"cabin": None}, False),
        ({"passenger_name": "John Doe"}, False),
        ({"selected_flight": "TWO"}, False),
    ],
)
def test_a_change_of_the_search_makes_offers_stale(change: dict, stale: bool) -> None:
    before = {**COMPLETE, "offers_for": trip.search_key(COMPLETE)}
    assert trip.changes_offers(before, {**before, **change}) is stale


def test_nothing_shown_cannot_be_stale() -> None:
    assert not trip.changes_offers(COMPLETE, {**COMPLETE, "destination": "OPO"})


def test_the_return_date_counts_for_a_round_trip_only() -> None:
    one_way = {**COMPLETE, "trip_type": "one_way"}
    assert trip.search_key(one_way) == trip.search_key({**one_way, "return_date": "2026-12-20"})
    assert trip.search_key(COMPLETE) != trip.search_key({**COMPLETE, "return_date": "2026-12-20"})


def test_the_key_of_a_search_ignores_the_order_of_slots() -> None:
    assert trip.search_key(COMPLETE) == trip.search_key(dict(reversed(COMPLETE.items())))


@pytest.mark.parametrize(
    ("slots", "intent", "fresh"),
    [
        ({"booking_reference": "AB2CD3"}, "search_flights", True),
        ({"booking_reference": "AB2CD3"}, "inform", True),
        ({"booking_reference": "AB2CD3"}, "affirm", False),
        ({"booking_reference": "AB2CD3"}, None, False),
        ({}, "search_flights", False),
    ],
)
def test_a_new_trip_after_a_booked_one(slots: dict, intent: str | None, fresh: bool) -> None:
    assert trip.fresh_start(slots, intent) is fresh


@pytest.mark.parametrize(
    ("slots", "last", "recalled"),
    [
        ({}, None, {}),
        (
            {"destination": "LIS"},
            LAST,
            {
                "origin": "BER",
                "passengers": 2,
                "trip_type": "one_way",
                "remembered": ["origin", "passengers", "trip_type"],
            },
        ),
        (
            {"destination": "BER"},
            LAST,
            {"passengers": 2, "trip_type": "one_way", "remembered": ["passengers", "trip_type"]},
        ),
        (
            {"origin": "HAM", "trip_type": "round_trip"},
            LAST,
            {"passengers": 2, "remembered": ["passengers"]},
        ),
        ({"origin": "HAM", "passengers": 1}, LAST, {}),
    ],
)
def test_what_is_recalled(slots: dict, last, recalled: dict) -> None:
    found = trip.recall(slots, last)
    assert {**found, "remembered": sorted(found["remembered"])} == recalled if recalled else found == {}
