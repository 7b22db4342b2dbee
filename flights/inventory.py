"""Seats: how many a flight has left, and the one place where they are taken and given back.

A cabin of a flight on a day gets its row in `seats` the first time somebody holds a seat in it; until then
its count is computed. Seats are taken by a conditional UPDATE, so a flight is never sold twice over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import Connection, Engine

from flights import database
from flights.database import seats
from flights.stable import between, share

_SHORT_HAUL = {"economy": 150, "premium_economy": 24, "business": 12, "first": 8}
_LONG_HAUL = {"economy": 220, "premium_economy": 28, "business": 40, "first": 8}
_MOST_LEFT = {"economy": 64, "premium_economy": 16, "business": 12, "first": 6}


class SoldOut(Exception):
    """A flight has fewer seats left than wanted; the message can be shown to the traveller."""


class Cabin(NamedTuple):
    """One cabin of one flight on one local day: what seats are counted for."""

    flight_number: str
    day: date
    origin: str
    destination: str
    cabin: str
    long_haul: bool


def usual_seats(cabin: Cabin) -> tuple[int, int]:
    """Returns (seats_total, seats_sold) of a cabin that nobody here has touched yet."""
    total = (_LONG_HAUL if cabin.long_haul else _SHORT_HAUL)[cabin.cabin]
    key = (cabin.flight_number, cabin.day, cabin.origin, cabin.cabin)
    nearly_full = share("load", *key) < 0.06
    left = between(2, 8, "left", *key) if nearly_full else between(9, _MOST_LEFT["economy"], "left", *key)
    if cabin.cabin != "economy":
        left = between(2, _MOST_LEFT[cabin.cabin], "left", *key)
    return total, total - min(left, total)


def seats_left(connection: Connection, cabins: Iterable[Cabin]) -> dict[Cabin, int]:
    """Returns the seats left in each of the cabins, by one query."""
    wanted = list(dict.fromkeys(cabins))
    if not wanted:
        return {}
    query = select(seats).where(
        seats.c.flight_number.in_({cabin.flight_number for cabin in wanted}),
        seats.c.flight_date.in_({cabin.day for cabin in wanted}),
    )
    rows = {
        (row.flight_number, row.flight_date, row.origin, row.cabin): row.seats_total - row.seats_sold
        for row in connection.execute(query)
    }
    left = {}
    for cabin in wanted:
        total, sold = usual_seats(cabin)
        left[cabin] = rows.get((cabin.flight_number, cabin.day, cabin.origin, cabin.cabin), total - sold)
    return left


def move(connection: Connection, changes: Mapping[Cabin, int]) -> None:
    """Takes seats (positive) and gives seats back (negative) within the caller's transaction.

    Always in the same order, so that two travellers never wait for each other. Raises `SoldOut`, upon which
    the caller must let the transaction roll back.
    """
    for cabin in sorted(cabin for cabin, count in changes.items() if count):
        _materialise(connection, cabin)
        count = changes[cabin]
        statement = (
            update(seats)
            .where(_row(cabin), seats.c.seats_sold + count <= seats.c.seats_total, seats.c.seats_sold + count >= 0)
            .values(seats_sold=seats.c.seats_sold + count)
        )
        if connection.execute(statement).rowcount != 1:
            people = "1 seat" if count == 1 else f"{count} seats"
            raise SoldOut(f"Flight {cabin.flight_number} on {cabin.day} no longer has {people}. Choose another flight.")


def take(connection: Connection, cabins: Iterable[Cabin], count: int) -> None:
    """Takes `count` seats in each cabin, or raises `SoldOut`."""
    move(connection, {cabin: times * count for cabin, times in Counter(cabins).items()})


def give_back(connection: Connection, cabins: Iterable[Cabin], count: int) -> None:
    """Gives `count` seats in each cabin back."""
    move(connection, {cabin: -times * count for cabin, times in Counter(cabins).items()})


def set_seats(engine: Engine, cabin: Cabin, *, seats_total: int, seats_sold: int = 0) -> None:
    """Sets the count of a cabin, for a change of aircraft and for tests."""
    with database.write(engine) as connection:
        _materialise(connection, cabin)
        values = {"seats_total": seats_total, "seats_sold": seats_sold}
        connection.execute(update(seats).where(_row(cabin)).values(values))


def _materialise(connection: Connection, cabin: Cabin) -> None:
    total, sold = usual_seats(cabin)
    row = {
        "flight_number": cabin.flight_number,
        "flight_date": cabin.day,
        "origin": cabin.origin,
        "cabin": cabin.cabin,
        "destination": cabin.destination,
        "seats_total": total,
        "seats_sold": sold,
    }
    database.insert_if_absent(connection, seats, row)


def _row(cabin: Cabin):
    return and_(
        seats.c.flight_number == cabin.flight_number,
        seats.c.flight_date == cabin.day,
        seats.c.origin == cabin.origin,
        seats.c.cabin == cabin.cabin,
    )


def stored(connection: Connection, cabins: Iterable[Cabin]) -> dict[Cabin, tuple[int, int]]:
    """Returns (seats_total, seats_sold) of the cabins that have a row, for reports and tests."""
    wanted = list(cabins)
    query = select(seats).where(or_(*map(_row, wanted)))
    rows = {(r.flight_number, r.flight_date, r.origin, r.cabin): r for r in connection.execute(query)}
    keyed = ((cabin, rows.get((cabin.flight_number, cabin.day, cabin.origin, cabin.cabin))) for cabin in wanted)
    return {cabin: (row.seats_total, row.seats_sold) for cabin, row in keyed if row}
