"""Search: wishes kept, round trips made, and what to say when nothing fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from flights import inventory, schedule
from flights.airports import same_city
from flights.schedule import Offer
from flights.schedule.carriers import carriers

FRIDAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def search(origin: str, destination: str, day: date = FRIDAY, *, engine=None, **wish) -> list[Offer]:
    return schedule.search(engine, origin=origin, destination=destination, departure_date=day, **wish)


@pytest.mark.parametrize(
    ("wish", "holds"),
    [
        ({"nonstop": True}, lambda offer: offer.stops == 0),
        ({"airline": "DL"}, lambda offer: offer.carrier == "DL"),
        ({"exclude_airlines": ("DL", "AA")}, lambda offer: not {leg.carrier for leg in offer.legs} & {"DL", "AA"}),
        ({"refundable": True}, lambda offer: offer.refundable and offer.id.endswith("-ER")),
        ({"cabin": "business"}, lambda offer: offer.cabin == "business"),
        ({"earliest": "12:00", "latest": "17:59"}, lambda offer: 12 <= offer.departs.hour < 18),
        ({"earliest": "20:00", "latest": "07:00"}, lambda offer: offer.departs.hour >= 20 or offer.departs.hour <= 7),
        ({"passengers": 9}, lambda offer: offer.seats_left >= 9),
        ({"airline": "any", "cabin": "any"}, lambda offer: offer.cabin == "economy"),
    ],
)
def test_a_wish_is_kept(wish, holds) -> None:
    found = search("JFK", "LAX", **wish)
    assert found
    assert all(map(holds, found))
    assert found == sorted(found, key=lambda offer: (offer.total_cents, offer.duration_minutes, offer.id))


def test_a_short_list_still_names_every_carrier() -> None:
    everything = search("JFK", "LAX")
    few = search("JFK", "LAX", limit=len({offer.carrier for offer in everything}))
    assert {offer.carrier for offer in few} == {offer.carrier for offer in everything}


def test_a_round_trip_comes_back_the_way_it_went() -> None:
    back = FRIDAY + timedelta(days=7)
    found = search("NYC", "LON", return_date=back)
    assert found
    for offer in found:
        inbound = offer.inbound
        assert (inbound.origin, inbound.destination) == (offer.destination, offer.origin)
        assert inbound.departs.date() == back == offer.return_date
        assert schedule.offer(None, offer.id) == offer
    same = [offer for offer in found if offer.carrier == offer.inbound.carrier]
    assert len(same) >= len(found) / 2


def test_a_day_trip_leaves_after_it_arrived() -> None:
    found = search("LHR", "AMS", return_date=FRIDAY)
    assert found
    assert all(offer.inbound.departs >= offer.arrives + timedelta(hours=1) for offer in found)


def test_a_city_with_two_meanings_is_flown_to_its_airports() -> None:
    found = search("BER", "SHA", return_date=FRIDAY + timedelta(days=5))
    assert {offer.destination for offer in found} <= {"PVG", "SHA"}
    assert all(schedule.offer(None, offer.id) == offer for offer in found)


def test_nobody_flies_within_a_city() -> None:
    assert same_city("JFK", "LGA")
    assert search("JFK", "LGA") == search("NYC", "NYC") == search("BER", "BER") == []


def test_flights_about_to_leave_are_left_out() -> None:
    first = min(search("JFK", "LAX"), key=lambda offer: offer.departs)
    left = search("JFK", "LAX", now=first.departs - timedelta(minutes=29))
    assert left
    assert first not in left


@pytest.mark.parametrize(
    ("wish", "dropped"),
    [
        ({"airline": "LH"}, "airline"),
        ({"earliest": "03:00", "latest": "04:00"}, "departure_time"),
        ({"nonstop": True, "airline": "WN"}, "airline"),
        ({"cabin": "first", "airline": "NK"}, "airline"),
        ({"airline": "WN", "cabin": "first"}, "cabin"),
        ({"passengers": 150}, "passengers"),
        ({"exclude_airlines": tuple(carriers())}, "exclude_airlines"),
    ],
)
def test_relaxing_names_the_wish_in_the_way(wish, dropped) -> None:
    assert search("JFK", "LAX", **wish) == []
    found = schedule.relax(None, origin="JFK", destination="LAX", departure_date=FRIDAY, **wish)
    assert dropped in {relaxation.filter for relaxation in found}
    assert all(relaxation.offers for relaxation in found)


def test_nothing_to_relax() -> None:
    wish = {"airline": "LH", "earliest": "03:00", "latest": "04:00"}
    assert schedule.relax(None, origin="JFK", destination="LAX", departure_date=FRIDAY, **wish) == []


def test_a_full_flight_is_not_offered(lite) -> None:
    offer = search("BER", "FCO", engine=lite, nonstop=True)[0]
    inventory.set_seats(lite, offer.cabins[0], seats_total=150, seats_sold=148)
    assert schedule.offer(lite, offer.id) == replace(offer, seats_left=2)
    assert offer.id in {found.id for found in search("BER", "FCO", engine=lite, passengers=2)}
    assert offer.id not in {found.id for found in search("BER", "FCO", engine=lite, passengers=3)}


def test_any_cabin_finds_business_when_economy_is_full(lite) -> None:
    offer = search("JFK", "LAX", engine=lite, nonstop=True, airline="DL")[0]
    inventory.set_seats(lite, offer.cabins[0], seats_total=150, seats_sold=150)
    found = {
        found.legs[0].flight_number: found.cabin
        for found in search("JFK", "LAX", engine=lite, nonstop=True, airline="DL", cabin="any")
    }
    assert found[offer.legs[0].flight_number] == "premium_economy"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"cabin": "steerage"}, "steerage"),
        ({"passengers": 0}, "at least one"),
        ({"return_date": date(2026, 11, 1)}, "before the departure"),
    ],
)
def test_impossible_wishes_are_explained(wish, message) -> None:
    with pytest.raises(ValueError, match=message):
        search("JFK", "LAX", **wish)
