"""Seats: counted per cabin of a flight on a day, and never sold twice over."""

from __future__ import annotations

from datetime import date

import pytest

from flights import database, inventory
from flights.inventory import Cabin, SoldOut

FLIGHT = Cabin("LH234", date(2026, 11, 27), "FRA", "FCO", "economy", False)
OTHER = FLIGHT._replace(flight_number="LH235")


def left(engine, *cabins: Cabin) -> list[int]:
    with database.read(engine) as connection:
        found = inventory.seats_left(connection, cabins)
    return [found[cabin] for cabin in cabins]


def test_an_untouched_flight_has_its_usual_seats_and_no_row(engine) -> None:
    total, sold = inventory.usual_seats(FLIGHT)
    assert left(engine, FLIGHT) == [total - sold]
    with database.read(engine) as connection:
        assert inventory.stored(connection, [FLIGHT]) == {}


def test_taking_and_giving_back_seats(engine) -> None:
    before = left(engine, FLIGHT)[0]
    with database.write(engine) as connection:
        inventory.take(connection, [FLIGHT], 2)
    assert left(engine, FLIGHT) == [before - 2]
    with database.write(engine) as connection:
        inventory.give_back(connection, [FLIGHT], 2)
    assert left(engine, FLIGHT) == [before]


def test_the_last_seat_is_sold_once(engine) -> None:
    inventory.set_seats(engine, FLIGHT, seats_total=3)
    with database.write(engine) as connection:
        inventory.take(connection, [FLIGHT], 3)
    with pytest.raises(SoldOut, match="LH234 on 2026-11-27 no longer has 1 seat"), database.write(engine) as connection:
        inventory.take(connection, [FLIGHT], 1)
    assert left(engine, FLIGHT) == [0]


def test_a_journey_takes_all_its_legs_or_none(engine) -> None:
    inventory.set_seats(engine, FLIGHT, seats_total=5)
    inventory.set_seats(engine, OTHER, seats_total=1)
    with pytest.raises(SoldOut), database.write(engine) as connection:
        inventory.take(connection, [FLIGHT, OTHER], 2)
    assert left(engine, FLIGHT, OTHER) == [5, 1]


def test_seats_of_other_days_cabins_and_legs_are_separate(engine) -> None:
    others = [
        FLIGHT._replace(day=date(2026, 11, 28)),
        FLIGHT._replace(cabin="business"),
        FLIGHT._replace(origin="FCO", destination="MLA"),
    ]
    before = left(engine, *others)
    inventory.set_seats(engine, FLIGHT, seats_total=1, seats_sold=1)
    assert left(engine, FLIGHT, *others) == [0, *before]


def test_more_seats_than_were_sold_are_not_given_back(engine) -> None:
    inventory.set_seats(engine, FLIGHT, seats_total=5, seats_sold=1)
    with pytest.raises(SoldOut), database.write(engine) as connection:
        inventory.give_back(connection, [FLIGHT], 2)
