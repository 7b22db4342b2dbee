"""Locks on bytes of a file that the kernel keeps: processes share them, and who dies holds none any more.

Level 0. Linux's open file description locks (fcntl(2), F_OFD_SETLK): each ByteLocks is one holder, in one process or in
several. Bytes need not exist; a file without content has room for 2**63 locks.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FLOCK = "hhqqi0q"  # struct flock on x86-64: type, whence, start, length, pid


class ByteLocks:
    """One holder of locks in the file at `path`, which is made when it is missing. Raises OSError when it cannot be."""

    def __init__(self, path: Path | str) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, start: int, length: int = 1, *, shared: bool = False, wait: bool = False) -> bool:
        """Lock bytes, to the exclusion of others or of their exclusive locks; returns whether they are locked now.

        With `wait` it blocks until they are.
        """
        kind = fcntl.F_RDLCK if shared else fcntl.F_WRLCK
        try:
            self._set(fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK, kind, start, length)
        except BlockingIOError:
            return False
        return True

    def free(self, start: int, length: int = 1) -> None:
        """Unlock bytes."""
        self._set(fcntl.F_OFD_SETLK, fcntl.F_UNLCK, start, length)

    @contextmanager
    def taken(self, byte: int) -> Iterator[None]:
        """Hold one byte inside the block; waits for it."""
        self.take(byte, wait=True)
        try:
            yield
        finally:
            self.free(byte)

    def close(self) -> None:
        """Unlock everything."""
        os.close(self.file)

    def _set(self, command: int, kind: int, start: int, length: int) -> None:
        fcntl.fcntl(self.file, command, struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0))
