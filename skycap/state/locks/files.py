"""Locks of all processes of one machine, in a file: a queue for each conversation that the kernel keeps.

Who comes draws a number, one higher than the last, and locks the byte of that number. It is their turn when no byte
before it is locked; waiting for that is one call to the kernel. A process that dies leaves the queue at that moment,
whether it was first or waited. The number is the fence, too.

The file is divided among 65,536 queues; conversations that share one, which is rare, wait for each other.
"""

from __future__ import annotations

import asyncio
import os
import struct
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from skycap.byte_locks import ByteLocks
from skycap.kept import fingerprint
from skycap.settings import settings
from skycap.state.held import Held, holding
from skycap.state.locks.memory import Queues

QUEUES = 1 << 16
NUMBERS = 1 << 47  # bytes of a queue: numbers are at least the milliseconds since 1970
FENCES = 1000  # a number: the fences of the other locks are microseconds since 1970
_NUMBER = struct.Struct("<q")


class FileLocks(LockStore):
    """Locks that processes share, in the file `url` of endpoints.yml; without one in the directory var/."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, *, path: Path | str | None = None) -> None:
        """Raises OSError when the file cannot be written."""
        super().__init__()
        wanted = path or (endpoint_config.url if endpoint_config else None)
        self._path = Path(wanted or settings().variable_directory / "conversations.lock")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        ByteLocks(self._path).close()
        self._queues = Queues()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[Held]:
        """Hold the conversation's lock inside the block. Raises OSError when the file is away."""
        ticket = Ticket(self._path, int.from_bytes(fingerprint(conversation_id)[:2], "little"))
        try:
            async with self._queues.first(conversation_id):  # so one thread at most waits for other processes
                await ticket.come_first()
                held = Held(conversation_id, ticket.number * FENCES)
                with holding(held):
                    yield held
        finally:
            ticket.give_up()


class Ticket:
    """A place in one of the file's queues."""

    def __init__(self, path: Path, queue: int) -> None:
        """Take the last place."""
        self._locks = ByteLocks(path)
        self._begin = queue * NUMBERS
        self._first: asyncio.Future[None] | None = None  # while a thread waits
        try:
            with self._locks.taken(self._begin):  # for microseconds
                last = os.pread(self._locks.file, _NUMBER.size, queue * _NUMBER.size)
                self.number = max(_NUMBER.unpack(last)[0] + 1 if last else 0, time.time_ns() // 1_000_000)
                os.pwrite(self._locks.file, _NUMBER.pack(self.number), queue * _NUMBER.size)
                self._locks.take(self._begin + self.number)
        except BaseException:
            self._locks.close()
            raise

    async def come_first(self) -> None:
        """Wait until nobody stands before."""
        if self._nobody_before(wait=False):
            return
        loop = asyncio.get_running_loop()
        self._first = loop.create_future()
        threading.Thread(target=self._wait, args=(loop,), name="waits for a conversation", daemon=True).start()
        await self._first

    def give_up(self) -> None:
        """Leave the queue."""
        if self._first is not None:  # the file stays open for the thread that still waits
            self._locks.free(self._begin + self.number)
        else:
            self._locks.close()

    def _nobody_before(self, *, wait: bool) -> bool:
        return self._locks.take(self._begin + 1, self.number - 1, shared=True, wait=wait)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        self._nobody_before(wait=True)
        with suppress(RuntimeError):  # the loop is closed: the process ends
            loop.call_soon_threadsafe(self._came_first)

    def _came_first(self) -> None:
        assert self._first is not None
        if self._first.done():  # nobody waits for it any more
            self._locks.close()
        else:
            self._first.set_result(None)
        self._first = None
