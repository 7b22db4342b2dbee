"""Flight status: plausible, the same for everybody, for any number of a known airline."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from flights import inventory, schedule
from flights.schedule import Offer, UnknownFlight

FRIDAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def search(origin: str, destination: str, day: date = FRIDAY, *, engine=None, **wish) -> list[Offer]:
    return schedule.search(engine, origin=origin, destination=destination, departure_date=day, **wish)


def status_of(offer: Offer, now: datetime):
    leg = offer.legs[0]
    return schedule.flight_status(None, leg.flight_number, leg.departs.date(), now, origin=leg.origin)


def test_a_flight_goes_through_its_day() -> None:
    punctual = next(
        offer
        for offer in search("JFK", "LHR", nonstop=True)
        if status_of(offer, offer.departs).delay_minutes == 0 and status_of(offer, offer.departs).estimated
    )
    moments = [(-1440, "on_time"), (-60, "on_time"), (-30, "boarding"), (5, "departed"), (1000, "landed")]
    states = [status_of(punctual, punctual.departs + timedelta(minutes=m)).state for m, _ in moments]
    assert states == [state for _, state in moments]
    assert status_of(punctual, NOW).scheduled == punctual.departs


def test_most_flights_are_on_time_and_few_are_cancelled() -> None:
    states = []
    for offset in range(60):
        for offer in search("ORD", "LGA", FRIDAY + timedelta(days=offset), nonstop=True):
            status = status_of(offer, offer.departs - timedelta(hours=1))
            states.append(status.state)
            assert (status.state == "delayed") == (status.delay_minutes > 0)
            assert (status.estimated is None) == (status.state == "cancelled")
    assert 0.6 < states.count("on_time") / len(states) < 0.85
    assert 0 < states.count("cancelled") / len(states) < 0.05


@pytest.mark.parametrize("number", ["DL1402", "lh 234", "BA-0286", "WN1", "U29999"])
def test_any_number_of_an_airline_has_a_status(number: str) -> None:
    status = schedule.flight_status(None, number, FRIDAY, NOW)
    assert status == schedule.flight_status(None, number, FRIDAY, NOW)
    assert status.scheduled.date() == FRIDAY
    assert status.flight_number.startswith(number[:2].upper())
    assert status.gate


@pytest.mark.parametrize("number", ["", "hello", "ZZ123", "DL", "DL0", "DL12345"])
def test_a_number_nobody_has_is_refused(number: str) -> None:
    with pytest.raises(UnknownFlight, match="LH234"):
        schedule.flight_status(None, number, FRIDAY, NOW)


def test_a_sold_flight_is_the_one_whose_status_is_told(lite) -> None:
    offer = search("TOS", "OSL", engine=lite, nonstop=True)[0]
    inventory.set_seats(lite, offer.cabins[0], seats_total=50)
    status = schedule.flight_status(lite, offer.legs[0].flight_number, FRIDAY, NOW)
    assert (status.origin, status.destination, status.scheduled) == ("TOS", "OSL", offer.departs)
