"""Chance that never changes: the same words give the same number in every process, on every machine.

The timetable, fares, seats and delays of the built-in supplier are drawn from here, so that two workers
which never talk to each other sell the same flight at the same price. Python's own `hash()` is salted
per process and must not be used for this.
"""

from __future__ import annotations

from hashlib import blake2b

_RANGE = 1 << 64


def number(*parts: object) -> int:
    """Returns a number from 0 to 2**64 - 1 that depends on nothing but the parts."""
    text = "|".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def share(*parts: object) -> float:
    """Returns an evenly spread number from 0 up to, not including, 1."""
    return (number(*parts) >> 11) / (_RANGE >> 11)


def between(low: int, high: int, *parts: object) -> int:
    """Returns a whole number from low to high, both included."""
    return low + number(*parts) % (high - low + 1)
