"""What the timetable asks about an airport: where it is, how big it is, how far it is to another.

A thin view of `flights.airports`, kept in caches because a search asks thousands of times. Codes here are
airports; only `airports` takes the code of a metropolitan area.
"""

from __future__ import annotations

from functools import lru_cache

from flights.airports import airport, place
from flights.places.gazetteer import great_circle_km
from flights.schedule.carriers import hubs

__all__ = ["airport", "airports", "distance_km", "size"]

_SIZE_OF_RANK = {1: 3, 2: 3, 3: 2, 4: 1}


@lru_cache(maxsize=200_000)
def distance_km(a: str, b: str) -> int:
    """Returns the great circle between two airports in whole kilometres."""
    return round(great_circle_km(airport(a), airport(b)))


@lru_cache(maxsize=8192)
def size(code: str) -> int:
    """Returns 3 for a hub or a big airport, 2 for a middling one, 1 for a regional one, 0 for a small one."""
    kinds = {carrier.kind for carrier in hubs().get(code, ())}
    least = 3 if "full" in kinds else 2 if kinds - {"regional"} else 0
    return max(least, _SIZE_OF_RANK.get(place(code).rank, 0))


def airports(code: str) -> tuple[str, ...]:
    """Returns the airports of a metropolitan area, or the airport itself; raises `UnknownAirport`."""
    return place(code).airports
