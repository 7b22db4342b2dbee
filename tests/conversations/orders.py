"""The parts of a trip in every order: origin, destination, days, people and cabin, each in several wordings.

Generates sentences with the slots they must fill; test_booking_orders.py says them to the assistant, the unit test of
the same name reads all of them without a model. Today is Friday 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

# Each part, in several wordings, fills its slots.
PARTS = (
    (("from Berlin", "out of Berlin", "leaving from Berlin"), {"origin": "BER"}),
    (("to Rome", "going to Rome", "flying to Rome"), {"destination": "ROM"}),
    (("on the 8th of December", "on December 8", "leaving December 8"), {"departure_date": "2026-12-08"}),
    (("for two", "two people", "for 2 adults"), {"passengers": 2}),
    (("in business class", "business class", "business"), {"cabin": "business"}),
)
ROUND_TRIP = (
    PARTS[0],
    PARTS[1],
    (
        ("from December 8 to December 12", "December 8 - December 12", "December 8 until December 12"),
        {"departure_date": "2026-12-08", "return_date": "2026-12-12", "trip_type": "round_trip"},
    ),
    PARTS[3],
)
BERLIN_ROME = {"origin": "BER", "destination": "ROM"}
WEEKEND = {"departure_date": "2026-11-27", "return_date": "2026-11-30", "trip_type": "round_trip"}
SINGLE = (
    ("from next Friday to Monday", WEEKEND),
    ("from Berlin to Rome from next Friday to Monday", {**BERLIN_ROME, **WEEKEND}),
    ("from next Friday to Monday from Berlin to Rome", {**BERLIN_ROME, **WEEKEND}),
    ("from next Friday to Monday to Rome from Berlin", {**BERLIN_ROME, **WEEKEND}),
    ("to Rome from Berlin from next Friday to Monday", {**BERLIN_ROME, **WEEKEND}),
    ("to Rome from next Friday to Monday from Berlin", {**BERLIN_ROME, **WEEKEND}),
    ("to Berlin from Rome", {"origin": "ROM", "destination": "BER"}),
    ("from Rome to Berlin", {"origin": "ROM", "destination": "BER"}),
    ("Rome to Berlin", {"origin": "ROM", "destination": "BER"}),
    ("Rome - Berlin", {"origin": "ROM", "destination": "BER"}),
    ("from Berlin to Rome for two on the 8th", {**BERLIN_ROME, "passengers": 2, "departure_date": "2026-12-08"}),
    ("on the 8th for two from Berlin to Rome", {**BERLIN_ROME, "passengers": 2, "departure_date": "2026-12-08"}),
    ("for two on the 8th to Rome from Berlin", {**BERLIN_ROME, "passengers": 2, "departure_date": "2026-12-08"}),
    ("two of us, Berlin to Rome, the 8th", {**BERLIN_ROME, "passengers": 2, "departure_date": "2026-12-08"}),
)  # fmt: skip


def orders(parts=PARTS) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every order of the parts, each with another mixture of their wordings, and the slots it fills."""
    for number, order in enumerate(permutations(parts)):
        words = [part[0][(number + place) % 3] for place, part in enumerate(order)]
        slots = {slot: value for part in order for slot, value in part[1].items()}
        yield " ".join(words), slots


SENTENCES = (*SINGLE, *orders(), *orders(ROUND_TRIP))
SOME = (*SINGLE, *list(orders())[::4], *list(orders(ROUND_TRIP))[::2])  # for the assistant itself
