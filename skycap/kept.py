"""A cache of limited size, for answers that depend on nothing but their key.

Under the engine and the sentence vectors. What travellers typed is no key: its fingerprint is, so that it stays in
memory no longer than the turn.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from hashlib import blake2b
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# `issubclass`, remembered: on Rasa's events, which have an abstract base, `isinstance` is slow; a turn asks hundreds.
kind_is = cache(issubclass)


class Kept(Generic[Key, Value]):
    """Keeps `size` answers; the one not asked for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def make_room(self, size: int) -> None:
        """Keep so many from now on, unless it is more already."""
        self._size = max(self._size, size)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The answer kept for `key`, or the one made now."""
        try:
            self._values.move_to_end(key)
        except KeyError:
            self._values[key] = make()
            if len(self._values) > self._size:
                self._values.popitem(last=False)
        return self._values[key]


def fingerprint(text: str) -> bytes:
    """16 bytes that tell texts apart and do not tell what they said."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
