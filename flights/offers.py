"""From the details of a trip to flights on offer: the search behind the conversation.

Reads slots, asks flights/schedule.py; when nothing fits, drops the one wish that stands in the way and says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy.engine import Engine

from flights.airlines import airline
from flights.languages import DEFAULT
from flights.phrases import phrase
from flights.schedule import Offer, search
from flights.times import PARTS

LIMIT = 12
NEAR = (1, -1, 2, -2, 3, -3)  # days from the one that was wished for, in the order in which they are looked at
SUGGESTED = 2  # days


@dataclass(frozen=True)
class Found:
    """Offers, best first; `without` names in words the wish that had to be dropped, None when all hold."""

    offers: list[Offer]
    without: str | None = None


def departure_window(value: str | None) -> tuple[str | None, str | None]:
    """Earliest and latest HH:MM for a `departure_time`: a part of day, a moment (an hour around it) or a window."""
    if not value or value == "any":
        return None, None
    if value in PARTS:
        earliest, latest = PARTS[value]
        return earliest, latest if latest > earliest else "23:59"  # overnight: it leaves late in the evening
    if "-" in value:
        earliest, latest = value.split("-")
        return earliest, latest
    hours, minutes = (int(part) for part in value.split(":"))
    moment = hours * 60 + minutes
    first, last = max(0, moment - 90), min(1439, moment + 90)
    return f"{first // 60:02d}:{first % 60:02d}", f"{last // 60:02d}:{last % 60:02d}"


def find_offers(engine: Engine, slots: Mapping[str, Any], *, now: datetime, language: str = DEFAULT) -> Found:
    """The flights for a trip (its ends and departure date known) that have not left at `now` (aware)."""
    wanted = _wish(slots, now)
    offers = search(engine, **wanted)
    if offers:
        return Found(offers)
    relaxations: list[tuple[str, dict[str, Any]]] = []  # what to do without, in words, and the search without it

    def without(wish: str, change: dict[str, Any], **words: str) -> None:
        relaxations.append((phrase(f"missing.{wish}", language, **words), change))

    if wanted["earliest"] or wanted["latest"]:
        without("departure_time", {"earliest": None, "latest": None})
    if wanted["nonstop"]:
        without("nonstop", {"nonstop": False})
    if wanted["refundable"]:
        without("refundable", {"refundable": False})
    if wanted["airline"]:
        without("airline", {"airline": None}, airline=airline(wanted["airline"]).name)
    if wanted["cabin"] not in ("economy", "any"):
        without(f"cabin_{wanted['cabin']}", {"cabin": "any"})
    for missing, change in relaxations:
        if offers := search(engine, **{**wanted, **change}):
            return Found(offers, missing)
    everything = {key: value for _, change in relaxations for key, value in change.items()}
    missing = phrase("and", language).join(each for each, _ in relaxations)
    return Found(search(engine, **{**wanted, **everything}), missing) if len(relaxations) > 1 else Found([])


def days_nearby(engine: Engine, slots: Mapping[str, Any], *, now: datetime) -> list[date]:
    """The nearest days of departure on which every wish can be had, at most `SUGGESTED`, in order; [] for none."""
    wanted = _wish(slots, now)
    back = wanted["return_date"] or date.max
    days = (wanted["departure_date"] + timedelta(each) for each in NEAR)
    found = (day for day in days if now.date() <= day <= back and search(engine, **{**wanted, "departure_date": day}))
    return sorted(islice(found, SUGGESTED))


def _wish(slots: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The slots as arguments of `search`."""
    earliest, latest = departure_window(slots.get("departure_time"))
    round_trip = slots.get("trip_type") != "one_way" and slots.get("return_date")
    return {
        "origin": slots["origin"],
        "destination": slots["destination"],
        "departure_date": date.fromisoformat(slots["departure_date"]),
        "return_date": date.fromisoformat(slots["return_date"]) if round_trip else None,
        "passengers": int(slots.get("passengers") or 1),
        "cabin": slots.get("cabin") or "economy",
        "airline": None if slots.get("airline") in (None, "any") else slots["airline"],
        "nonstop": bool(slots.get("nonstop")),
        "refundable": bool(slots.get("refundable")),
        "earliest": earliest,
        "latest": latest,
        "exclude_airlines": tuple(slots.get("excluded_airlines") or ()),
        "limit": LIMIT,
        "now": now,
    }
