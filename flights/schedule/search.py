"""Finds the flights a traveller asks for, and says which wish leaves nothing to offer.

Reads the timetable and the seat counts; writes nothing. `Wish` is what the traveller wants, as plain values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy.engine import Engine

from flights import database, inventory
from flights.airports import same_city
from flights.inventory import Cabin
from flights.schedule.carriers import CABINS, carriers
from flights.schedule.offers import Offer, from_id, journey_cabins, make_offer, seats_of
from flights.schedule.places import airport, airports
from flights.schedule.routes import routes
from flights.schedule.timetable import Flights, Leg, elapsed, journeys, leg_of

MOST_JOURNEYS = 14
FEWEST_JOURNEYS = 4
MOST_CARRIERS = 11
_TURNAROUND = timedelta(minutes=60)
Journey = tuple[Leg, ...]
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What to search for. `earliest` and `latest` bound the departure, as HH:MM local to the origin."""

    origin: str
    destination: str
    departure_date: date
    return_date: date | None = None
    passengers: int = 1
    cabin: str = "economy"
    airline: str | None = None
    nonstop: bool = False
    refundable: bool = False
    earliest: str | None = None
    latest: str | None = None
    exclude_airlines: tuple[str, ...] = ()
    limit: int = 20
    now: datetime | None = None


@dataclass(frozen=True)
class Relaxation:
    """A wish that, when dropped alone, leaves flights: its name in `Wish` and the flights, cheapest first."""

    filter: str
    offers: tuple[Offer, ...]


_NO_WISH = {
    "airline": None,
    "exclude_airlines": (),
    "nonstop": False,
    "earliest": None,
    "refundable": False,
    "cabin": "any",
    "passengers": 1,
}


def search(engine: Engine | None, **wish: object) -> list[Offer]:
    """Returns the offers for a wish (the fields of `Wish`), cheapest first, then shortest.

    Only flights with enough seats; [] when nothing fits. Without an engine nobody is taken to have booked.
    With `return_date` every offer carries the way back in `inbound`. `cabin="any"` gives the cheapest cabin
    with seats; `airline` and `cabin` may be None or "any". A city's code stands for all its airports.
    `now` (aware) leaves out what departs within the next half hour.
    """
    return _search(engine, _tidy(Wish(**wish)))


def warm() -> None:
    """Reads airports and carriers now (about half a second), so that no traveller waits for it."""
    search(None, origin="JFK", destination="LHR", departure_date=date(2026, 1, 1))


def relax(engine: Engine | None, **wish: object) -> list[Relaxation]:
    """Returns which single filter, when dropped, gives results; most telling first, [] when none helps."""
    wanted, found = _tidy(Wish(**wish)), []
    for name, nothing in _NO_WISH.items():
        if name == "earliest":
            loose = replace(wanted, earliest=None, latest=None)
        else:
            loose = replace(wanted, **{name: nothing})
        if loose != wanted and (name != "passengers" or not found):
            offers_left = _search(engine, loose)
            if offers_left:
                found.append(Relaxation("departure_time" if name == "earliest" else name, tuple(offers_left)))
    return found


def offer(engine: Engine | None, offer_id: str) -> Offer:
    """Rebuilds an offer from its id, with today's seats; raises `UnknownOffer`."""
    rebuilt = from_id(offer_id)
    left = _seats_left(engine, rebuilt.cabins)
    both = [one for one in (rebuilt, rebuilt.inbound) if one]
    fresh = [make_offer(one.legs, cabin=one.cabin, refundable=one.refundable, seats_left=left) for one in both]
    return fresh[0].with_inbound(fresh[1]) if rebuilt.inbound else fresh[0]


def _tidy(wish: Wish) -> Wish:
    cabin = wish.cabin or "any"
    if cabin != "any" and cabin not in CABINS.values():
        raise ValueError(f"No cabin is called {cabin!r}. Choose any or one of {', '.join(CABINS.values())}.")
    if wish.passengers < 1:
        raise ValueError(f"{wish.passengers} passengers cannot fly. Ask for at least one.")
    airline = None if wish.airline in (None, "", "any") else wish.airline
    return replace(wish, cabin=cabin, airline=airline, exclude_airlines=tuple(wish.exclude_airlines))


def _search(engine: Engine | None, wish: Wish) -> list[Offer]:
    if wish.return_date and wish.return_date < wish.departure_date:
        raise ValueError(f"The return on {wish.return_date} is before the departure on {wish.departure_date}.")
    out = _one_way(engine, wish, airports(wish.origin), airports(wish.destination))
    if wish.return_date is None:
        return _first(out, wish.limit)
    reverse = replace(wish, departure_date=wish.return_date, earliest=None, latest=None)
    back = {
        (a, b): _one_way(engine, reverse, (b,), (a,))
        for a, b in dict.fromkeys((one.origin, one.destination) for one in out)
    }
    trips = [trip for one in out if (trip := _with_way_back(one, back[one.origin, one.destination]))]
    return _first(trips, wish.limit)


def _with_way_back(out: Offer, back: list[Offer]) -> Offer | None:
    """The round trip with the best way back: the same carrier where it can be, cheap but not slow."""
    fitting = [one for one in back if one.departs >= out.arrives + _TURNAROUND]
    if not fitting:
        return None
    return out.with_inbound(min(fitting, key=lambda one: (one.carrier != out.carrier, *_merit(one))))


def _merit(one: Offer) -> tuple[float, str]:
    """Price plus 15 dollars for each hour on the way: what most travellers would weigh."""
    return one.price_cents + 1500 * one.duration_minutes / 60, one.id


def _first(found: list[Offer], limit: int) -> list[Offer]:
    """The best `limit` offers with every carrier among them, cheapest first, then shortest."""
    by_price = sorted(found, key=_price)
    leaders = {one.carrier: one for one in reversed(by_price)}
    chosen = sorted(leaders.values(), key=_price)[:limit]
    ids = {one.id for one in chosen}
    chosen += [one for one in by_price if one.id not in ids][: limit - len(chosen)]
    return sorted(chosen, key=_price)


def _price(one: Offer) -> tuple[int, int, str]:
    return one.total_cents, one.duration_minutes, one.id


def _one_way(engine: Engine | None, wish: Wish, origins: Codes, destinations: Codes) -> list[Offer]:
    journeys_then = journeys_on(origins, destinations, wish.departure_date, wish.airline)
    fitting = [legs for legs in journeys_then if _fits(legs, wish)]
    sold = [(legs, cabin) for legs in fitting for cabin in _cabins(legs, wish)]
    left = _seats_left(engine, {seat for legs, cabin in sold for seat in seats_of(legs, cabin)})
    found = []
    for legs in fitting:
        for cabin in _cabins(legs, wish):
            made = make_offer(legs, cabin=cabin, refundable=wish.refundable, seats_left=left)
            if made.seats_left >= wish.passengers:
                found.append(made)
                break
    return found


def _cabins(legs: Journey, wish: Wish) -> tuple[str, ...]:
    sold = journey_cabins(legs)
    return tuple(cabin for cabin in sold if wish.cabin in ("any", cabin))


def _fits(legs: Journey, wish: Wish) -> bool:
    if wish.nonstop and len(legs) > 1:
        return False
    if any(leg.carrier in wish.exclude_airlines for leg in legs):
        return False
    if wish.now and legs[0].departs < wish.now + timedelta(minutes=30):
        return False
    earliest, latest, departs = wish.earliest or "00:00", wish.latest or "23:59", f"{legs[0].departs:%H:%M}"
    if earliest > latest:  # over midnight, such as 22:00 to 04:00
        return departs >= earliest or departs <= latest
    return earliest <= departs <= latest


def _seats_left(engine: Engine | None, cabins: Iterable[Cabin]) -> dict[Cabin, int]:
    if engine is None:
        return {}
    with database.read(engine) as connection:
        return inventory.seats_left(connection, cabins)


@lru_cache(maxsize=512)
def journeys_on(origins: Codes, destinations: Codes, day: date, carrier: str | None = None) -> tuple[Journey, ...]:
    """Returns the journeys between two cities' airports that leave on a local day, in order of departure.

    4 to 14 as a rule, with one at least of every carrier that serves the cities well; with `carrier` only its
    own. [] when both cities are the same or that carrier does not serve them.
    """
    pairs = [(a, b) for a in origins for b in destinations if a != b and not same_city(a, b)]
    by_carrier: dict[str, list[Flights]] = {}
    for route in (route for a, b in pairs for route in routes(a, b)):
        if carrier in (None, route.carrier):
            by_carrier.setdefault(route.carrier, []).extend(journeys(route, day, most=5 if route.stops == 0 else 2))
    ranked = {carrier: _sensible(found) for carrier, found in by_carrier.items() if found}
    countries = {airport(code).country for pair in pairs for code in pair}
    standing = sorted(ranked, key=lambda carrier: _standing(carrier, ranked[carrier][0], countries))
    ranked = {carrier: ranked[carrier] for carrier in standing[:MOST_CARRIERS]}
    chosen: list[Flights] = []
    for turn in range(max(map(len, ranked.values()), default=0)):
        this_turn = [found[turn] for found in ranked.values() if len(found) > turn]
        chosen += sorted(this_turn, key=_elapsed)[: MOST_JOURNEYS - len(chosen)]
    if len(chosen) < FEWEST_JOURNEYS:
        slower = sorted({flights for found in by_carrier.values() for flights in found} - set(chosen), key=_elapsed)
        chosen += slower[: FEWEST_JOURNEYS - len(chosen)]
    made = [tuple(map(leg_of, flights)) for flights in chosen]
    return tuple(sorted(made, key=lambda legs: legs[0].departs))


def _standing(carrier: str, best: Flights, countries: set[str]) -> tuple[float, str]:
    """What puts a carrier on the list: a short journey; being at home; a network around the world."""
    own = carriers()[carrier]
    bonus = 300 * (own.country in countries) + 240 * (not own.regions)
    return elapsed(best) - bonus, carrier


def _sensible(found: list[Flights]) -> list[Flights]:
    """A carrier's journeys without those that take far longer than its best, spread over the day."""
    found = sorted(set(found), key=_elapsed)
    best = elapsed(found[0])
    kept = [flights for flights in found if elapsed(flights) <= 1.6 * best + 180]
    nonstop = [flights for flights in kept if len(flights) == 1]
    return nonstop + [flights for flights in kept if len(flights) > 1][: 1 if len(nonstop) > 1 else 3]


def _elapsed(flights: Flights) -> tuple[int, list[str]]:  # a total order: sets come in any
    return elapsed(flights), [flight.flight_number for flight in flights]
