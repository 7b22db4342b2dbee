"""What the worker processes of one server tell each other: a small table in memory that all of them see.

Level 0. Made before processes are forked, gone with the last of them, never on a disk. No process waits for another: an
entry that two write at the same instant, or whose place another key took since, is simply not there.
"""

from __future__ import annotations

import mmap
from hashlib import blake2b

_CHECK, _KEY = 8, 16


class SharedTable:
    """Values of at most `size` bytes, by text. The newest of the keys that share a place stays."""

    def __init__(self, places: int, size: int) -> None:
        self._places, self._size = places, size
        self._length = _CHECK + _KEY + 1 + size
        self._memory = mmap.mmap(-1, places * self._length)  # pages that nobody wrote to take no memory

    def get(self, key: str) -> bytes | None:
        """The value of `key`, None when there is none (any more)."""
        print_, begin = self._place(key)
        entry = self._memory[begin : begin + self._length]
        check, rest = entry[:_CHECK], entry[_CHECK:]
        if rest[:_KEY] != print_ or check != _check(rest):
            return None
        return rest[_KEY + 1 : _KEY + 1 + rest[_KEY]]

    def put(self, key: str, value: bytes) -> None:
        """Set the value of `key`."""
        print_, begin = self._place(key)
        rest = print_ + bytes([len(value)]) + value.ljust(self._size, b"\0")
        self._memory[begin : begin + self._length] = _check(rest) + rest

    def drop(self, key: str) -> None:
        """Forget the value of `key`."""
        if self.get(key) is not None:
            _, begin = self._place(key)
            self._memory[begin : begin + self._length] = bytes(self._length)

    def _place(self, key: str) -> tuple[bytes, int]:
        print_ = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()
        return print_, int.from_bytes(print_[:8], "little") % self._places * self._length


def _check(rest: bytes) -> bytes:
    return blake2b(rest, digest_size=_CHECK).digest()
