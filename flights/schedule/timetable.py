"""When flights leave: every carrier's departures on a leg, and journeys made of connecting legs.

A carrier's departures on a leg are the same times and numbers every day; some do not run on every weekday.
Times are local to the airport, with its zone. Reads places; offers put a fare on the journeys made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from flights.schedule.carriers import carriers
from flights.schedule.places import airport, distance_km, size
from flights.schedule.routes import LONG_HAUL_KM, Route
from flights.stable import between, number, share

CRUISE_KM_PER_HOUR = 800
GROUND_MINUTES = 40
LONGEST_WAIT = timedelta(hours=26)


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


@dataclass(frozen=True)
class Departure:
    """A flight number's daily place in the timetable; `minute` counts from local midnight."""

    flight_number: str
    minute: int
    weekdays: frozenset[int]


@lru_cache(maxsize=100_000)
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
        weekdays = frozenset(day for day in range(7) if daily or share("runs", *key, index, day) < 0.85)
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


def block_minutes(origin: str, destination: str) -> int:
    """Returns the minutes from gate to gate, in steps of five."""
    return -(-(GROUND_MINUTES + distance_km(origin, destination) * 60 // CRUISE_KM_PER_HOUR) // 5) * 5


def leg(departure: Departure, origin: str, destination: str, day: date) -> Leg:
    """Returns the flight of a departure on a local day, whether or not it runs then."""
    departs = datetime.combine(day, time(*divmod(departure.minute, 60)), tzinfo=_zone(origin))
    landing = departs.astimezone(timezone.utc) + timedelta(minutes=block_minutes(origin, destination))
    return Leg(
        flight_number=departure.flight_number,
        carrier=departure.flight_number[:2],
        origin=origin,
        destination=destination,
        departs=departs,
        arrives=landing.astimezone(_zone(destination)),
        distance_km=distance_km(origin, destination),
    )


def next_leg(earliest: datetime, carrier: str, origin: str, destination: str, number: str | None = None) -> Leg | None:
    """Returns the first flight of the carrier (or of this flight number) that leaves at or after a moment."""
    first_day = earliest.astimezone(_zone(origin)).date()
    for offset in range(8):
        day = first_day + timedelta(days=offset)
        for departure in departures(carrier, origin, destination):
            if day.weekday() not in departure.weekdays or number not in (None, departure.flight_number):
                continue
            found = leg(departure, origin, destination, day)
            if found.departs >= earliest:
                return found
    return None


def connection(arriving: Leg, destination: str) -> timedelta:
    """Returns the shortest time to change planes after a leg."""
    countries = {airport(code).country for code in (arriving.origin, arriving.destination, destination)}
    return timedelta(minutes=45 if len(countries) == 1 else 65)


def journeys(route: Route, day: date, *, most: int = 3) -> list[tuple[Leg, ...]]:
    """Returns the journeys along a route that leave on a local day, the shortest first."""
    carrier, origin, destination = route.hops[0]
    made = []
    for departure in departures(carrier, origin, destination):
        if day.weekday() in departure.weekdays:
            legs = _follow((leg(departure, origin, destination, day),), route)
            if legs:
                made.append(legs)
    made.sort(key=lambda legs: (elapsed_minutes(legs), legs[0].departs))
    kept, last_legs = [], set()
    for legs in made:
        if route.stops and legs[-1] in last_legs:
            continue  # the same last flight with a longer wait
        last_legs.add(legs[-1])
        kept.append(legs)
    return kept[:most]


def _follow(legs: tuple[Leg, ...], route: Route) -> tuple[Leg, ...] | None:
    for carrier, origin, destination in route.hops[1:]:
        earliest = legs[-1].arrives + connection(legs[-1], destination)
        following = next_leg(earliest, carrier, origin, destination)
        if following is None or following.departs - legs[-1].arrives > LONGEST_WAIT:
            return None
        legs = (*legs, following)
    return legs


def elapsed_minutes(legs: tuple[Leg, ...]) -> int:
    """Returns the minutes from the first departure to the last arrival."""
    return round((legs[-1].arrives - legs[0].departs.astimezone(timezone.utc)).total_seconds() / 60)


def rebuild(airports: tuple[str, ...], numbers: tuple[str, ...], day: date) -> tuple[Leg, ...] | None:
    """Returns the legs of these flight numbers from airport to airport, or None when there is no such flight."""
    hops = list(zip(numbers, airports, airports[1:], strict=False))
    if len(numbers) != len(airports) - 1 or any(hop[0][:2] not in carriers() for hop in hops):
        return None
    legs: tuple[Leg, ...] = ()
    for flight_number, origin, destination in hops:
        if legs:
            earliest = legs[-1].arrives + connection(legs[-1], destination)
            following = next_leg(earliest, flight_number[:2], origin, destination, flight_number)
        else:
            known = departures(flight_number[:2], origin, destination)
            first = [d for d in known if d.flight_number == flight_number and day.weekday() in d.weekdays]
            following = leg(first[0], origin, destination, day) if first else None
        if following is None:
            return None
        legs = (*legs, following)
    return legs
