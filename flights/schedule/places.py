"""What the timetable asks about an airport: where it is, how big it is, how far it is to another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import airportsdata

from flights.schedule.carriers import hubs


@dataclass(frozen=True)
class _Airport:
    code: str
    country: str
    latitude: float
    longitude: float
    timezone: str


@lru_cache(maxsize=1)
def _all():
    return airportsdata.load("IATA")


@lru_cache(maxsize=8192)
def airport(code: str) -> _Airport:
    row = _all()[code]
    return _Airport(code, row["country"], row["lat"], row["lon"], row["tz"])


@lru_cache(maxsize=200_000)
def distance_km(a: str, b: str) -> int:
    p, q = airport(a), airport(b)
    x, y = math.radians(p.latitude), math.radians(q.latitude)
    h = math.sin((y - x) / 2) ** 2
    h += math.cos(x) * math.cos(y) * math.sin(math.radians(q.longitude - p.longitude) / 2) ** 2
    return round(2 * 6371 * math.asin(math.sqrt(h)))


@lru_cache(maxsize=1)
def _sizes():
    import csv
    from pathlib import Path

    with (Path(__file__).parent.parent / "data" / "airports.csv").open() as f:
        return {r["code"]: int(r["size"]) for r in csv.DictReader(f)}


@lru_cache(maxsize=8192)
def size(code: str) -> int:
    return 3 if code in hubs() else {1: 3, 2: 3, 3: 2, 4: 1}.get(_sizes().get(code), 0)


def airports(place: str) -> tuple[str, ...]:
    metro = {"NYC": ("JFK", "LGA", "EWR"), "LON": ("LHR", "LGW", "STN", "LTN", "LCY", "SEN")}
    return metro.get(place, (place,))
