"""Places of the world: every IATA airport and metropolitan area, by code, name, city, nickname and with typos.

Understanding calls `scan` on a sentence and `find` on an answer; search and fares ask `airport`, `place` and
`distance_km`. The data and the index behind it are in `flights.places`; they are read on the first call.
"""

from functools import lru_cache

from flights.places.gazetteer import Airport, Place, gazetteer, great_circle_km
from flights.places.lookup import KNOWN_SCORE, Match, find, suggestions
from flights.places.mentions import Mention, scan

__all__ = [
    "KNOWN_SCORE",
    "Airport",
    "Match",
    "Mention",
    "Place",
    "UnknownAirport",
    "airport",
    "country_name",
    "distance_km",
    "find",
    "nearest",
    "place",
    "same_city",
    "scan",
    "warm_up",
]


class UnknownAirport(LookupError):
    """No airport or area has that code; the message proposes the nearest names."""

    def __init__(self, code: str) -> None:
        near = ", ".join(place.label for place in suggestions(code))
        hint = f" Did you mean {near}?" if near else " Give a three-letter IATA code such as BER."
        super().__init__(f'No airport matches "{code}".{hint}')


def airport(code: str) -> Airport:
    """The airport of an IATA code, in either case; raises `UnknownAirport`."""
    try:
        return gazetteer().airports[code.strip().upper()]
    except KeyError:
        raise UnknownAirport(code) from None


def place(code: str) -> Place:
    """The airport or metropolitan area of a code (NYC, LHR; SHA is all Shanghai); raises `UnknownAirport`."""
    try:
        return gazetteer().places[code.strip().upper()]
    except KeyError:
        raise UnknownAirport(code) from None


def country_name(code: str) -> str:
    """The English name of an ISO country code, or the code itself when it is unknown."""
    return gazetteer().countries.get(code, code)


@lru_cache(maxsize=4096)
def distance_km(a: str, b: str) -> float:
    """Great-circle distance in kilometres between two codes; an area counts from its main airport."""
    return great_circle_km(_main_airport(a), _main_airport(b))


def nearest(latitude: float, longitude: float, limit: int = 3, *, ranked: bool = True) -> tuple[Airport, ...]:
    """The airports nearest to a point in degrees, nearest first; with `ranked` only those with airline traffic."""
    g = gazetteer()
    here = Airport("", "", "", "", "", latitude, longitude, "")
    airports = (a for code, a in g.airports.items() if code in g.order or not ranked)
    return tuple(sorted(airports, key=lambda a: great_circle_km(here, a))[:limit])


def same_city(a: str, b: str) -> bool:
    """True when two codes serve one city: NYC and JFK, LHR and LGW, IST and SAW."""
    return gazetteer().same_city(place(a).code, place(b).code)


def warm_up() -> None:
    """Reads the data now (about half a second) so that the first traveller does not wait."""
    scan("from Berlln to San Fransisco")
    find("Amsterdm")


def _main_airport(code: str) -> Airport:
    return gazetteer().airports[place(code).airports[0]]
