"""What a journey costs and what the ticket allows: fares by distance, cabin, season and flight.

A pure calculation: the same journey on the same day always costs the same, whenever it is asked. Amounts
are in cents for one person, one way. Every cabin is sold at a saver fare and at a refundable one; first
class is always refundable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flights.stable import share

CURRENCY = "USD"
CABINS = ("economy", "premium_economy", "business", "first")

_CABIN_FACTOR = {"economy": 1.0, "premium_economy": 1.75, "business": 3.4, "first": 5.2}
_SHORT_HAUL_CABIN_FACTOR = {"economy": 1.0, "premium_economy": 1.45, "business": 2.4, "first": 3.0}
_WEEKDAY_FACTOR = (1.0, 0.92, 0.93, 1.02, 1.14, 0.97, 1.12)  # Monday first
_MONTH_FACTOR = (0.92, 0.92, 1.0, 1.02, 1.03, 1.16, 1.24, 1.2, 1.02, 1.0, 0.95, 1.08)
_STOPS_FACTOR = (1.0, 0.86, 0.82)
_REFUNDABLE_FACTOR = {"economy": 1.35, "premium_economy": 1.3, "business": 1.2, "first": 1.0}


@dataclass(frozen=True)
class Fare:
    """The price of one seat, one way, and the rules of its ticket."""

    price_cents: int
    currency: str
    refundable: bool
    change_fee_cents: int
    bags_included: int


def fare(
    *,
    distance_km: int,
    departs: datetime,
    flights: tuple[str, ...],
    cabin: str = "economy",
    refundable: bool = False,
    low_cost: bool = False,
    remote: bool = False,
    red_eye: bool = False,
) -> Fare:
    """Returns the fare of a journey.

    `distance_km` is the great circle from end to end, `flights` the flight numbers in order, `departs` local
    to the origin, `remote` whether one end is a small airport.
    """
    if cabin not in CABINS:
        raise ValueError(f"No cabin is called {cabin!r}. Choose one of {', '.join(CABINS)}.")
    dollars = 38 + 0.105 * min(distance_km, 1500) + 0.055 * max(0, distance_km - 1500)
    dollars *= (_CABIN_FACTOR if distance_km > 3500 else _SHORT_HAUL_CABIN_FACTOR)[cabin]
    dollars *= _WEEKDAY_FACTOR[departs.weekday()] * _season(departs) * _STOPS_FACTOR[min(len(flights), 3) - 1]
    dollars *= 0.62 if low_cost else 1.0
    dollars *= 1.25 if remote else 1.0
    dollars *= 0.9 if red_eye or departs.hour < 7 else 1.08 if 16 <= departs.hour < 20 else 1.0
    dollars *= 0.88 + 0.3 * share("fare", *flights) + 0.08 * share("fare", departs.date(), *flights)
    if refundable:
        dollars *= _REFUNDABLE_FACTOR[cabin]
    refundable = refundable or cabin == "first"
    return Fare(
        price_cents=max(19, round(dollars)) * 100,
        currency=CURRENCY,
        refundable=refundable,
        change_fee_cents=_change_fee_cents(cabin, refundable, low_cost, distance_km),
        bags_included=_bags(cabin, refundable, low_cost, distance_km),
    )


def _season(departs: datetime) -> float:
    if (departs.month, departs.day) >= (12, 18) or (departs.month, departs.day) <= (1, 4):
        return 1.3
    return _MONTH_FACTOR[departs.month - 1]


def _change_fee_cents(cabin: str, refundable: bool, low_cost: bool, distance_km: int) -> int:
    if refundable or cabin == "first":
        return 0
    if cabin == "business":
        return 5000
    if low_cost:
        return 6000
    return 15000 if distance_km > 3500 else 7500


def _bags(cabin: str, refundable: bool, low_cost: bool, distance_km: int) -> int:
    if cabin in ("business", "first", "premium_economy"):
        return 2
    if refundable:
        return 1
    return 1 if distance_km > 3500 and not low_cost else 0
