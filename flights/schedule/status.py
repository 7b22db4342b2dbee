"""How a flight is doing: on time, delayed, boarding, departed, landed or cancelled.

Invented, but the same for everybody who asks at the same moment. What happens to a flight is drawn from its
number and day; the clock decides how much of it is known. Reads the seats first, to know which flight was sold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.engine import Engine

from flights import database
from flights.database import seats
from flights.schedule.carriers import carriers, hubs
from flights.schedule.places import size
from flights.schedule.routes import flies
from flights.schedule.timetable import Departure, Leg, departures, leg
from flights.stable import between, share

_NUMBER = re.compile(r"([A-Z0-9]{2})\s*-?\s*0*(\d{1,4})")
_KNOWN_AHEAD = timedelta(hours=6)


class UnknownFlight(LookupError):
    """No flight has this number; the message can be shown to the traveller."""


@dataclass(frozen=True)
class FlightStatus:
    """A flight on a day. Times are aware and local; `state` is one of on_time, delayed, boarding, departed,
    landed, cancelled; `scheduled` and `estimated` are departures, estimates are None when cancelled."""

    flight_number: str
    carrier: str
    origin: str
    destination: str
    scheduled: datetime
    estimated: datetime | None
    scheduled_arrival: datetime
    estimated_arrival: datetime | None
    delay_minutes: int
    gate: str
    state: str


def flight_status(
    engine: Engine | None, flight_number: str, day: date, now: datetime, *, origin: str | None = None
) -> FlightStatus:
    """Returns how a flight is doing. `now` is aware, `day` local to the departure; `origin` tells apart the legs
    of one number. Raises `UnknownFlight` for a number or an airline that does not exist."""
    match = _NUMBER.fullmatch(flight_number.strip().upper())
    if not match or match[1] not in carriers() or not int(match[2]):
        raise UnknownFlight(f"No flight is called {flight_number[:20]!r}. A number looks like LH234 or DL 1402.")
    number = f"{match[1]}{match[2]}"
    flight = _sold(engine, number, day, origin) or _scheduled(number, day, origin)
    return _status(flight, day, now)


def _status(flight: Leg, day: date, now: datetime) -> FlightStatus:
    key = (flight.flight_number, flight.origin, day)
    fate, delay = share("fate", *key), timedelta()
    known = now >= flight.departs - _KNOWN_AHEAD
    if known and fate >= 0.72:
        delay = timedelta(
            minutes=between(2, 9, "delay", *key) * 5 if fate < 0.93 else between(10, 36, "delay", *key) * 5
        )
    cancelled = known and fate >= 0.985
    departs, arrives = flight.departs + delay, flight.arrives + delay
    if cancelled:
        state = "cancelled"
    elif now >= arrives:
        state = "landed"
    elif now >= departs:
        state = "departed"
    elif now >= departs - timedelta(minutes=40):
        state = "boarding"
    else:
        state = "delayed" if delay else "on_time"
    return FlightStatus(
        flight_number=flight.flight_number,
        carrier=flight.carrier,
        origin=flight.origin,
        destination=flight.destination,
        scheduled=flight.departs,
        estimated=None if cancelled else departs,
        scheduled_arrival=flight.arrives,
        estimated_arrival=None if cancelled else arrives,
        delay_minutes=0 if cancelled else round(delay.total_seconds() / 60),
        gate=f"{'ABCDE'[between(0, 4, 'pier', *key)]}{between(1, 48, 'gate', *key)}",
        state=state,
    )


def _sold(engine: Engine | None, number: str, day: date, origin: str | None) -> Leg | None:
    if engine is None:
        return None
    query = select(seats.c.origin, seats.c.destination).where(
        seats.c.flight_number == number, seats.c.flight_date == day
    )
    with database.read(engine) as connection:
        rows = connection.execute(query.distinct().order_by(seats.c.origin)).all()
    for row in rows:
        if origin in (None, row.origin):
            found = _departure(number, row.origin, row.destination)
            if found:
                return leg(found, row.origin, row.destination, day)
    return None


def _departure(number: str, origin: str, destination: str) -> Departure | None:
    known = departures(number[:2], origin, destination)
    return next((departure for departure in known if departure.flight_number == number), None)


def _scheduled(number: str, day: date, origin: str | None) -> Leg:
    """The flight of this number between the carrier's hubs and other hubs, or one that could well have it."""
    for a, b in _index(number[:2]).get(number, ()):
        found = _departure(number, a, b)
        if origin in (None, a) and found and day.weekday() in found.weekdays:
            return leg(found, a, b, day)
    pairs = [pair for pair in _network(number[:2]) if origin in (None, pair[0])] or _network(number[:2])
    a, b = pairs[between(0, len(pairs) - 1, "route", number)]
    usual = departures(number[:2], a, b)[0]
    return leg(Departure(number, usual.minute, tuple(range(7))), a, b, day)


@lru_cache(maxsize=512)
def _network(carrier: str) -> tuple[tuple[str, str], ...]:
    own = carriers()[carrier]
    places = sorted(code for code in hubs() if size(code) > 1)
    spokes = [(hub, other) for hub in own.hubs for other in places if other != hub and flies(own, hub, other)]
    home = own.hubs[0]
    pairs = spokes or [(home, other) for other in places if other != home]
    return tuple(pairs) + tuple((other, hub) for hub, other in pairs)


@lru_cache(maxsize=64)
def _index(carrier: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for origin, destination in dict.fromkeys(_network(carrier)):
        for departure in departures(carrier, origin, destination):
            found.setdefault(departure.flight_number, []).append((origin, destination))
    return found
