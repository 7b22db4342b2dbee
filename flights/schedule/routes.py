"""Which ways lead from one airport to another, whatever the day: nonstop, or through hubs.

Reads carriers and places; the timetable puts times on what it returns. A carrier flies between its hubs and
the airports that lie within its reach and its regions: big ones always, smaller ones by chance and distance,
the small ones at home from the nearest hubs. Partners of one network share a journey. When that leaves too
little, as between two islands, the nearest hubs of both ends are joined, so there always is a way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flights.schedule.carriers import Carrier, carriers, hubs
from flights.schedule.places import airport, distance_km, size
from flights.stable import share

LONG_HAUL_KM = 5500
LONGEST_FLIGHT_KM = 15_500
_MID_HUBS = ("DXB", "DOH", "SIN", "IST", "JFK", "LAX", "LHR", "FRA", "CDG", "HKG", "NRT", "SYD", "AKL", "GRU", "SCL")


# City airports with short runways or perimeter rules, and the longest flight from them in km.
_CITY_AIRPORT_REACH_KM = {
    **dict.fromkeys(("LCY", "ITM", "GMP", "SHA", "CGH", "YTZ", "LIN", "TSA"), 2600),
    **dict.fromkeys(("LGA", "DCA", "DAL", "AEP", "BMA", "THF", "STN", "LTN", "BVA", "CRL"), 4300),
    **dict.fromkeys(("MDW", "HOU", "OAK", "BUR", "SNA", "SJC", "DMK"), 5000),
}


class Route(NamedTuple):
    """A way through airports; `carriers` has one IATA code for each leg.

    `carrier` is that of the longest leg: the one a traveller would name.
    """

    airports: tuple[str, ...]
    carriers: tuple[str, ...]
    distance_km: int
    carrier: str

    @classmethod
    def through(cls, airports: tuple[str, ...], carriers: tuple[str, ...]) -> Route:
        legs = list(map(distance_km, airports, airports[1:]))
        return cls(airports, carriers, sum(legs), carriers[legs.index(max(legs))])

    @property
    def hops(self) -> tuple[tuple[str, str, str], ...]:
        """The legs as (carrier, from, to)."""
        return tuple(zip(self.carriers, self.airports, self.airports[1:], strict=False))

    @property
    def stops(self) -> int:
        return len(self.carriers) - 1


@lru_cache(maxsize=50_000)
def flies(carrier: Carrier, hub: str, other: str) -> bool:
    """Tells whether the carrier flies nonstop between its hub and the other airport (both ways)."""
    km = distance_km(hub, other)
    reach = min(carrier.reach_km, *(_CITY_AIRPORT_REACH_KM.get(code, LONGEST_FLIGHT_KM) for code in (hub, other)))
    if not 60 <= km <= reach or not carrier.flies_to(airport(other).country):
        return False
    if other in carrier.hubs:
        return km > 120
    luck = share("route", carrier.code, hub, other)
    main = carrier.hubs.index(hub) < 2
    home = airport(other).country in _home_countries(carrier)
    if size(other) == 3:
        chance = (0.9 if km <= LONG_HAUL_KM else 0.35) if not carrier.low_cost else 0.75
        return luck < chance or (main and not carrier.low_cost)
    if size(other) == 2:
        if carrier.low_cost:
            return luck < (0.7 if home else 0.45)
        if km <= 3000:
            return home or luck < 0.65
        return luck < ((0.9 if home else 0.3) if km <= LONG_HAUL_KM else 0.35 if home else 0.04)
    small = size(other) == 0
    if home:
        near = sorted(carrier.hubs, key=lambda own: distance_km(own, other))[: 2 if small else 4]
        chance = (0.1 if small else 0.35) if carrier.low_cost else (0.5 if small else 0.8)
        return hub in near and km <= 4200 and (carrier.kind == "regional" or luck < chance)
    return luck < 0.1 if small and km <= 900 else not small and km <= 2800 and luck < 0.18


@lru_cache(maxsize=512)
def _home_countries(carrier: Carrier) -> frozenset[str]:
    return frozenset({carrier.country} | {airport(hub).country for hub in carrier.hubs})


@lru_cache(maxsize=1024)
def gateways(code: str) -> tuple[tuple[Carrier, str], ...]:
    """Returns the (carrier, hub) pairs with a nonstop flight to this airport, nearest hub first."""
    found = [(own, hub) for own in carriers().values() for hub in own.hubs if hub != code and flies(own, hub, code)]
    return tuple(sorted(found, key=lambda pair: (distance_km(pair[1], code), pair[0].code)))


@lru_cache(maxsize=512)
def routes(origin: str, destination: str) -> tuple[Route, ...]:
    """Returns the sensible ways from airport to airport, best first; never none."""
    found = _nonstop(origin, destination) + _one_stop(origin, destination)
    if len({route.carrier for route in found}) < 3:
        found += _two_stops(origin, destination)
    if len({route.carrier for route in found}) < 2 or len(found) < 4:
        found += _somehow(origin, destination)
    return tuple(sorted(dict.fromkeys(found), key=_effort))


def _effort(route: Route) -> tuple[float, tuple[str, ...]]:
    return route.distance_km + 700 * route.stops, route.carriers + route.airports


def _nonstop(origin: str, destination: str) -> list[Route]:
    found = []
    for hub, other in ((origin, destination), (destination, origin)):
        at_home = hubs().get(hub, ())
        found += [Route.through((origin, destination), (own.code,)) for own in at_home if flies(own, hub, other)]
    return found


def _one_stop(origin: str, destination: str) -> list[Route]:
    direct = distance_km(origin, destination)
    if direct < 250:
        return []
    domestic = airport(origin).country == airport(destination).country
    arriving = set(gateways(destination))
    by_carrier: dict[str, list[Route]] = {}
    for own, hub in gateways(origin):
        if hub == destination or not own.connects or (own, hub) not in arriving:
            continue
        if own.kind == "regional" and direct > 2500 and not _ends_at_home(own, origin, destination):
            continue
        if domestic and airport(hub).country != airport(origin).country:
            continue
        if distance_km(origin, hub) + distance_km(hub, destination) <= 1.5 * direct + 600:
            route = Route.through((origin, hub, destination), (own.code, own.code))
            by_carrier.setdefault(own.code, []).append(route)
    return [route for found in by_carrier.values() for route in sorted(found, key=_effort)[:2]]


def _ends_at_home(carrier: Carrier, origin: str, destination: str) -> bool:
    return bool({airport(origin).country, airport(destination).country} & _home_countries(carrier))


def _two_stops(origin: str, destination: str) -> list[Route]:
    direct = distance_km(origin, destination)
    best: dict[str, Route] = {}
    leaving = _connecting(gateways(origin), destination)
    arriving = _connecting(gateways(destination), origin)
    for first, hub in leaving:
        for last, other in arriving:
            if hub == other or not first.partner(last):
                continue
            trunk = first if flies(first, hub, other) else last if flies(last, other, hub) else None
            if trunk is None:
                continue
            route = Route.through((origin, hub, other, destination), (first.code, trunk.code, last.code))
            if route.distance_km > 1.6 * direct + 1500:
                continue
            known = best.get(route.carrier)
            if known is None or _effort(route) < _effort(known):
                best[route.carrier] = route
    return sorted(best.values(), key=_effort)[:8]


def _connecting(pairs: tuple[tuple[Carrier, str], ...], goal: str) -> list[tuple[Carrier, str]]:
    """The gateways worth a try: those that cost the least detour towards the goal, with flights onwards."""
    wide = sorted(pairs, key=lambda pair: (distance_km(pair[1], goal), pair[1], pair[0].code))[:60]
    return [(own, hub) for own, hub in wide if own.connects and hub != goal]


def _somehow(origin: str, destination: str) -> list[Route]:
    """Joins the nearest hubs of both ends, through one more hub when they lie too far apart."""
    found = []
    far = distance_km(origin, destination) > 4000
    for first, hub in _nearest_hubs(origin, far):
        for last, other in _nearest_hubs(destination, far):
            stops = _without_repeats((origin, hub, *_between(hub, other), other, destination))
            if len(stops) < 2:
                continue
            flown = [_operator(a, b, first, last) for a, b in zip(stops, stops[1:], strict=False)]
            found.append(Route.through(stops, tuple(flown)))
    best: dict[str, Route] = {}
    for route in sorted(found, key=_effort):
        best.setdefault(route.carrier, route)
    return list(dict.fromkeys([*best.values(), *sorted(found, key=_effort)]))[:6]


def _without_repeats(stops: tuple[str, ...]) -> tuple[str, ...]:
    """Cuts loops out: A B A C becomes A C."""
    kept: list[str] = []
    for stop in stops:
        if stop in kept:
            kept = kept[: kept.index(stop)]
        kept.append(stop)
    return tuple(kept)


def _nearest_hubs(code: str, far: bool) -> list[tuple[Carrier, str]]:
    """The hubs a journey from here would begin at; for a far one those with flights across oceans."""
    country = airport(code).country
    eligible = [own for own in carriers().values() if own.connects and (not far or own.reach_km >= 8000)]
    pairs = [(own, hub) for own in eligible for hub in (own.hubs[:2] if far else own.hubs)]

    def remoteness(pair: tuple[Carrier, str]) -> tuple[float, str, str]:
        own, hub = pair
        return distance_km(hub, code) + (0 if own.country == country else 400), own.code, hub

    return sorted(pairs, key=remoteness)[:8]


def _between(hub: str, other: str) -> tuple[str, ...]:
    if distance_km(hub, other) <= 8000:
        return ()
    if any(flies(own, a, b) for a, b in ((hub, other), (other, hub)) for own in hubs().get(a, ())):
        return ()
    middle = min(
        (mid for mid in _MID_HUBS if mid not in (hub, other)),
        key=lambda mid: (_detour(hub, mid, other), mid),
    )
    return (middle,)


def _detour(a: str, middle: str, b: str) -> int:
    first, second = distance_km(a, middle), distance_km(middle, b)
    return first + second + 5 * max(0, max(first, second) - LONGEST_FLIGHT_KM)


def _operator(a: str, b: str, first: Carrier, last: Carrier) -> str:
    """Who flies a leg: somebody who really does, else whoever is at home at one of its ends."""
    for own in (first, last):
        for hub, other in ((a, b), (b, a)):
            if hub in own.hubs and flies(own, hub, other):
                return own.code
    at_home = [own for hub, other in ((a, b), (b, a)) for own in hubs().get(hub, ()) if flies(own, hub, other)]
    nearby = [own for own in (first, last) if a in own.hubs or b in own.hubs]
    choice = at_home or nearby or [own for hub in (a, b) for own in hubs().get(hub, ())] or [first]
    return choice[0].code
