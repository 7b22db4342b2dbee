"""Other flights for a booked trip: what stays, what it costs, when it is too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest

from flights import bookings, schedule
from flights.rebooking import find_other_flights, has_departed, price_of_change, sold_offer, trip_of

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
OUT, BACK = date(2026, 12, 8), date(2026, 12, 15)
ENDS = {"origin": "BER", "destination": "FCO"}


@pytest.fixture
def round_trip(lite):
    offer = schedule.search(None, **ENDS, departure_date=OUT, return_date=BACK)[0]
    return bookings.hold(lite, offer_id=offer.id, passengers=2, conversation_id="talk", idempotency_key="key", now=NOW)


def halves(offer_id: str) -> list[str]:
    return offer_id.split("+")


def test_a_booking_as_slots_of_a_search(round_trip) -> None:
    trip = trip_of(round_trip)
    assert (trip["departure_date"], trip["return_date"], trip["passengers"]) == ("2026-12-08", "2026-12-15", 2)
    assert (trip["trip_type"], trip["cabin"], trip["refundable"]) == ("round_trip", "economy", False)


def test_another_return_keeps_the_flight_out(lite, round_trip) -> None:
    found = find_other_flights(lite, round_trip, {"return_date": "2026-12-17"}, now=NOW).offers
    assert found and {halves(each.id)[0] for each in found} == {halves(round_trip.offer_id)[0]}
    assert {each.inbound.departs.date() for each in found} == {date(2026, 12, 17)}


def test_another_departure_keeps_the_flight_back(lite, round_trip) -> None:
    found = find_other_flights(lite, round_trip, {"departure_date": "2026-12-10"}, now=NOW).offers
    assert found and {halves(each.id)[1] for each in found} == {halves(round_trip.offer_id)[1]}


def test_another_cabin_is_for_both_ways(lite, round_trip) -> None:
    wishes = {"return_date": "2026-12-17", "cabin": "business"}
    found = find_other_flights(lite, round_trip, wishes, now=NOW).offers
    assert found and {each.cabin for offer in found for each in (offer, offer.inbound)} == {"business"}


def test_a_booking_is_never_changed_to_itself(lite, round_trip) -> None:
    found = find_other_flights(lite, round_trip, {"nonstop": True}, now=NOW).offers
    assert found and round_trip.offer_id not in {each.id for each in found}


def test_the_price_said_is_the_price_of_the_change(lite, round_trip) -> None:
    who = {"passenger_name": "Ada Lovelace", "contact_email": "ada@example.com", "contact_phone": "+15550100"}
    bookings.confirm(lite, round_trip.reference, now=NOW, **who)
    for day in ("2026-12-17", "2026-12-18"):  # the second time the first fee stays in the total
        booked = bookings.get(lite, round_trip.reference)
        new = find_other_flights(lite, booked, {"return_date": day}, now=NOW).offers[0]
        fee, total = price_of_change(booked, new)
        assert fee == 2 * bookings.change_fee_cents(booked.offer_id) > 0
        changed = bookings.change(lite, booked.reference, new.id, now=NOW)
        assert (changed.total_cents, changed.fees_cents) == (total, booked.fees_cents + fee)


def test_a_flight_has_left_at_its_local_time(round_trip) -> None:
    departs = sold_offer(round_trip).departs
    assert has_departed(round_trip, departs)
    assert not has_departed(round_trip, departs.replace(minute=0, hour=0))


def test_a_booking_whose_flights_are_no_longer_in_the_timetable(round_trip) -> None:
    gone = replace(round_trip, offer_id="gone")
    assert sold_offer(gone) is None
    assert trip_of(gone)["cabin"] is None
    assert has_departed(gone, datetime(2026, 12, 9, tzinfo=timezone.utc)) and not has_departed(gone, NOW)
    assert bookings.refund_cents(gone) == 0
