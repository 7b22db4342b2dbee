"""From slots to flights on offer, and the one wish that had to be dropped."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from flights import inventory
from flights.offers import LIMIT, SUGGESTED, days_nearby, departure_window, find_offers

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
TRIP = {
    "origin": "JFK", "destination": "LAX", "departure_date": "2026-11-27", "trip_type": "one_way", "passengers": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "window"),
    [
        (None, (None, None)),
        ("any", (None, None)),
        ("18:00", ("16:30", "19:30")),
        ("00:30", ("00:00", "02:00")),
        ("23:30", ("22:00", "23:59")),
        ("15:00-23:59", ("15:00", "23:59")),
    ],
)
def test_windows(wish: str | None, window: tuple) -> None:
    assert departure_window(wish) == window


@pytest.mark.parametrize("part", ["morning", "afternoon", "evening", "night"])
def test_a_part_of_the_day_is_a_window_within_it(part: str) -> None:
    earliest, latest = departure_window(part)
    assert "00:00" <= earliest < latest <= "23:59"


@pytest.mark.parametrize(
    ("wish", "holds"),
    [
        ({}, lambda offer: offer.departs.date() == date(2026, 11, 27) and offer.inbound is None),
        ({"cabin": "business"}, lambda offer: offer.cabin == "business"),
        ({"airline": "DL"}, lambda offer: offer.carrier == "DL"),
        ({"airline": "any", "cabin": "any"}, lambda offer: offer.cabin == "economy"),
        ({"excluded_airlines": ["DL", "AA"]}, lambda offer: not {leg.carrier for leg in offer.legs} & {"DL", "AA"}),
        ({"nonstop": True}, lambda offer: offer.stops == 0),
        ({"refundable": True}, lambda offer: offer.refundable),
        ({"departure_time": "12:00-17:59"}, lambda offer: 12 <= offer.departs.hour < 18),
        ({"passengers": 9}, lambda offer: offer.seats_left >= 9),
        ({"passengers": None, "cabin": None}, lambda offer: offer.cabin == "economy"),
    ],
)
def test_wishes_hold(lite, wish: dict, holds) -> None:
    found = find_offers(lite, {**TRIP, **wish}, now=NOW)
    assert found.without is None
    assert 0 < len(found.offers) <= LIMIT
    assert all(map(holds, found.offers))


def test_a_return_date_gives_a_way_back(lite) -> None:
    found = find_offers(lite, {**TRIP, "trip_type": "round_trip", "return_date": "2026-12-04"}, now=NOW)
    assert found.offers
    assert all(offer.inbound.departs.date() == date(2026, 12, 4) for offer in found.offers)


def test_one_way_forgets_a_return_date(lite) -> None:
    found = find_offers(lite, {**TRIP, "return_date": "2026-12-04"}, now=NOW)
    assert found.offers
    assert all(offer.inbound is None for offer in found.offers)


@pytest.mark.parametrize(
    ("wish", "without"),
    [
        ({"departure_time": "03:00-04:00"}, "at that time of day"),
        ({"airline": "LH"}, "with Lufthansa"),
        ({"airline": "WN", "cabin": "first"}, "with Southwest Airlines"),
        ({"nonstop": True, "origin": "TOS", "destination": "LAX"}, "without a stop"),
        ({"airline": "LH", "departure_time": "03:00-04:00"}, "at that time of day and with Lufthansa"),
    ],
)
def test_what_cannot_be_had_is_said(lite, wish: dict, without: str) -> None:
    found = find_offers(lite, {**TRIP, **wish}, now=NOW)
    assert found.offers
    assert found.without == without


@pytest.mark.parametrize("wish", [{"passengers": 150}, {"origin": "LGA", "destination": "JFK"}])
def test_nothing_at_all(lite, wish: dict) -> None:
    found = find_offers(lite, {**TRIP, **wish}, now=NOW)
    assert (found.offers, found.without) == ([], None)


def test_a_sold_out_flight_is_not_offered(lite) -> None:
    first = find_offers(lite, {**TRIP, "nonstop": True}, now=NOW).offers[0]
    inventory.set_seats(lite, first.cabins[0], seats_total=150, seats_sold=149)
    assert first.id in {offer.id for offer in find_offers(lite, {**TRIP, "nonstop": True}, now=NOW).offers}
    two = find_offers(lite, {**TRIP, "nonstop": True, "passengers": 2}, now=NOW)
    assert two.offers
    assert first.id not in {offer.id for offer in two.offers}


def test_flights_that_have_left_are_not_offered(lite) -> None:
    noon = datetime(2026, 11, 27, 17, tzinfo=timezone.utc)  # 12:00 in New York
    found = find_offers(lite, TRIP, now=noon)
    assert found.offers
    assert all(offer.departs > noon for offer in found.offers)
    late = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
    assert find_offers(lite, TRIP, now=late).offers == []


def test_days_nearby_have_all_that_was_wished_for(lite) -> None:
    late = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
    assert days_nearby(lite, TRIP, now=late) == [date(2026, 11, 28), date(2026, 11, 29)]
    assert days_nearby(lite, TRIP, now=NOW) == [date(2026, 11, 26), date(2026, 11, 28)]
    assert len(days_nearby(lite, TRIP, now=NOW)) == SUGGESTED
    assert days_nearby(lite, {**TRIP, "passengers": 150}, now=NOW) == []
    assert days_nearby(lite, {**TRIP, "airline": "LH"}, now=NOW) == []


def test_days_nearby_are_not_after_the_return(lite) -> None:
    back = {**TRIP, "trip_type": "round_trip", "return_date": "2026-11-27"}
    assert days_nearby(lite, back, now=NOW) == [date(2026, 11, 25), date(2026, 11, 26)]
