"""When flights leave: every carrier's departures on a leg, and journeys made of connecting legs.

A carrier's departures on a leg are the same times and numbers every day; some do not run on every weekday.
Times are local to the airport, with its zone. Reads places; offers put a fare on the journeys made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flights.schedule.carriers import carriers
from flights.schedule.places import airport, distance_km, size
from flights.schedule.routes import LONG_HAUL_KM, Route
from flights.stable import between, number, share

CRUISE_KM_PER_HOUR = 800
GROUND_MINUTES = 40
LONGEST_WAIT_MINUTES = 26 * 60
DAY = 24 * 60  # minutes


@dataclass(frozen=True)
class Leg:
    """One flight from take-off to landing; `departs` and `arrives` are aware local times."""

    flight_number: str
    carrier: str
    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    distance_km: int

    @property
    def duration_minutes(self) -> int:
        return round((self.arrives - self.departs.astimezone(timezone.utc)).total_seconds() / 60)

    @property
    def red_eye(self) -> bool:
        """Tells whether it leaves in the evening and lands the next morning."""
        late = self.departs.hour >= 17 or self.departs.hour < 3
        return late and 3 <= self.arrives.hour < 12 and self.arrives.date() != self.departs.date()


@dataclass(frozen=True, slots=True)
class Departure:
    """A flight number's daily place in the timetable; `minute` counts from local midnight."""

    flight_number: str
    minute: int
    weekdays: tuple[int, ...]


class Flight(NamedTuple):
    """A departure on one day, in whole minutes: what journeys are compared by before any of them is a `Leg`.

    `leaves` and `lands` count from midnight of day 0 (`date.toordinal`) in UTC, the others in the airport's own time.
    """

    flight_number: str
    origin: str
    destination: str
    leaves: int
    lands: int
    leaves_local: int
    lands_local: int


Flights = tuple[Flight, ...]

_weekdays: dict[tuple[int, ...], tuple[int, ...]] = {}  # thousands of departures share the few that there are


@lru_cache(maxsize=8_192)
def departures(carrier: str, origin: str, destination: str) -> tuple[Departure, ...]:
    """Returns a carrier's departures on a leg, by time of day; at least one, and one of them runs daily."""
    count = _a_day(carrier, origin, destination)
    key = (carrier, origin, destination)
    low, high = (1, 999) if distance_km(origin, destination) > LONG_HAUL_KM else (100, 5999)
    made, taken = [], set()
    for index, minute in enumerate(_minutes(count, *key)):
        digits = between(low, high, "number", *key, index)
        while digits in taken:
            digits = digits % high + 1
        taken.add(digits)
        daily = index == 0
        weekdays = tuple(day for day in range(7) if daily or share("runs", *key, index, day) < 0.85)
        weekdays = _weekdays.setdefault(weekdays, weekdays)
        made.append(Departure(f"{carrier}{digits}", minute, weekdays))
    return tuple(sorted(made, key=lambda departure: departure.minute))


def _a_day(carrier: str, origin: str, destination: str) -> int:
    km, least = distance_km(origin, destination), min(size(origin), size(destination))
    extra = number("frequency", carrier, *sorted((origin, destination))) % 2
    if km < 1500:
        return (1, 2, 3, 4)[least] + extra
    if km < LONG_HAUL_KM:
        return (1, 1, 2, 3)[least] + (extra if least else 0)
    return 2 + extra if least == 3 else 1


def _minutes(count: int, carrier: str, origin: str, destination: str) -> list[int]:
    key = (carrier, origin, destination)
    km = distance_km(origin, destination)
    east = (airport(destination).longitude - airport(origin).longitude + 180) % 360 - 180
    if km > 4500:
        windows = [(1020, 1350), (540, 690)]  # eastwards: over night, seldom by day
        if east < -45:
            windows = [(570, 840), (840, 1020)]
        elif east <= 45:
            windows = [(1140, 1410), (600, 780)]
        return sorted(_round(between(*windows[index % 2], "minute", *key, index)) for index in range(count))
    step = 900 / count  # 06:00 to 21:00
    spread = int(step * 0.4)
    minutes = [
        _round(360 + round((index + 0.5) * step) + between(-spread, spread, "minute", *key, index))
        for index in range(count)
    ]
    if km > 2800 and east > 30 and count > 2:
        minutes[-1] = _round(between(1290, 1410, "red-eye", *key))
    return minutes


def _round(minutes: float) -> int:
    return int(minutes) // 5 * 5


@lru_cache(maxsize=4096)
def _zone(code: str) -> ZoneInfo:
    return ZoneInfo(airport(code).timezone)


@lru_cache(maxsize=16_384)
def _offset_around(zone: ZoneInfo, day: int) -> int | None:
    """Minutes that a zone is ahead of UTC on a day and the days beside it; None when its clocks change then."""
    midnights = [datetime.fromordinal(day + beside).replace(tzinfo=timezone.utc) for beside in (-1, 0, 1, 2)]
    offsets = {midnight.astimezone(zone).utcoffset() for midnight in midnights}
    return _minutes_of(offsets.pop()) if len(offsets) == 1 else None


def _to_utc(code: str, local: int) -> int:
    """UTC minutes of local minutes at an airport."""
    zone = _zone(code)
    offset = _offset_around(zone, local // DAY)
    if offset is None:
        offset = _minutes_of(_datetime(local).replace(tzinfo=zone).utcoffset())
    return local - offset


def _to_local(code: str, utc: int) -> int:
    """Local minutes at an airport of UTC minutes."""
    zone = _zone(code)
    offset = _offset_around(zone, utc // DAY)
    if offset is None:
        offset = _minutes_of(_datetime(utc).replace(tzinfo=timezone.utc).astimezone(zone).utcoffset())
    return utc + offset


def _minutes_of(offset: timedelta) -> int:
    return offset // timedelta(minutes=1)


def _datetime(minutes: int) -> datetime:
    return datetime.fromordinal(minutes // DAY) + timedelta(minutes=minutes % DAY)


@lru_cache(maxsize=20_000)
def block_minutes(origin: str, destination: str) -> int:
    """Returns the minutes from gate to gate, in steps of five."""
    return -(-(GROUND_MINUTES + distance_km(origin, destination) * 60 // CRUISE_KM_PER_HOUR) // 5) * 5


def flight(departure: Departure, origin: str, destination: str, day: int) -> Flight:
    """Returns the flight of a departure on a local day (`date.toordinal`), whether or not it runs then."""
    local = day * DAY + departure.minute
    leaves = _to_utc(origin, local)
    lands = leaves + block_minutes(origin, destination)
    lands_local = _to_local(destination, lands)
    return Flight(departure.flight_number, origin, destination, leaves, lands, local, lands_local)


@lru_cache(maxsize=8192)
def _flights_on(carrier: str, origin: str, destination: str, day: int) -> Flights:
    """Returns a carrier's flights that run on a local day, by time of day."""
    running = [each for each in departures(carrier, origin, destination) if _weekday(day) in each.weekdays]
    return tuple(flight(each, origin, destination, day) for each in running)


def leg(departure: Departure, origin: str, destination: str, day: date) -> Leg:
    """Returns the flight of a departure on a local day, whether or not it runs then."""
    return leg_of(flight(departure, origin, destination, day.toordinal()))


def leg_of(flight: Flight) -> Leg:
    """Returns the same flight with times that carry their zone."""
    landing = _datetime(flight.lands).replace(tzinfo=timezone.utc)
    return Leg(
        flight_number=flight.flight_number,
        carrier=flight.flight_number[:2],
        origin=flight.origin,
        destination=flight.destination,
        departs=_datetime(flight.leaves_local).replace(tzinfo=_zone(flight.origin)),
        arrives=landing.astimezone(_zone(flight.destination)),
        distance_km=distance_km(flight.origin, flight.destination),
    )


def _next_flight(before: Flight, carrier: str, destination: str, number: str | None = None) -> Flight | None:
    """Returns the carrier's first flight (or of this flight number) onwards that can be reached from one before."""
    origin = before.destination
    earliest = before.lands_local + _change_minutes(before.origin, origin, destination)
    for day in range(earliest // DAY, earliest // DAY + 8):
        for found in _flights_on(carrier, origin, destination, day):
            if found.leaves_local >= earliest and number in (None, found.flight_number):
                return found
    return None


def _weekday(day: int) -> int:
    return (day - 1) % 7  # day 1 was a Monday


@lru_cache(maxsize=20_000)
def _change_minutes(origin: str, hub: str, destination: str) -> int:
    """Returns the shortest time to change planes at a hub."""
    return 45 if len({airport(code).country for code in (origin, hub, destination)}) == 1 else 65


def journeys(route: Route, day: date, *, most: int = 3) -> list[Flights]:
    """Returns the journeys along a route that leave on a local day, the shortest first."""
    first, *onwards = route.hops
    followed = (_follow(flight, onwards) for flight in _flights_on(*first, day.toordinal()))
    made = [flights for flights in followed if flights]
    made.sort(key=lambda flights: (elapsed(flights), flights[0].leaves_local))
    kept, last_flights = [], set()
    for flights in made:
        if route.stops and flights[-1] in last_flights:
            continue  # the same last flight with a longer wait
        last_flights.add(flights[-1])
        kept.append(flights)
    return kept[:most]


def _follow(first: Flight, hops: list[tuple[str, str, str]]) -> Flights | None:
    flights = [first]
    for carrier, _, destination in hops:
        following = _next_flight(flights[-1], carrier, destination)
        if following is None or following.leaves_local - flights[-1].lands_local > LONGEST_WAIT_MINUTES:
            return None
        flights.append(following)
    return tuple(flights)


def elapsed(flights: Flights) -> int:
    """Returns the minutes from the first departure to the last arrival."""
    return flights[-1].lands - flights[0].leaves


def elapsed_minutes(legs: tuple[Leg, ...]) -> int:
    """Returns the minutes from the first departure to the last arrival."""
    return round((legs[-1].arrives - legs[0].departs.astimezone(timezone.utc)).total_seconds() / 60)


def rebuild(airports: tuple[str, ...], numbers: tuple[str, ...], day: date) -> tuple[Leg, ...] | None:
    """Returns the legs of these flight numbers from airport to airport, or None when there is no such flight."""
    hops = list(zip(numbers, airports, airports[1:], strict=False))
    if len(numbers) != len(airports) - 1 or any(hop[0][:2] not in carriers() for hop in hops):
        return None
    flights: list[Flight] = []
    for flight_number, origin, destination in hops:
        if flights:
            following = _next_flight(flights[-1], flight_number[:2], destination, flight_number)
        else:
            today = _flights_on(flight_number[:2], origin, destination, day.toordinal())
            following = next((each for each in today if each.flight_number == flight_number), None)
        if following is None:
            return None
        flights.append(following)
    return tuple(map(leg_of, flights))
