"""Turns of one worker in the order in which they came, a few at a time.

An event loop that works on many turns at once ends all of them late; taken in their order the first ends when it would
have ended alone, and the last no later. Two at a time, so that one goes on while the other waits for the conversations'
database. A turn that waits for anything slower steps aside, and nobody waits longer than `PATIENCE_SECONDS` for a
place: what hangs holds up nobody else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

AT_ONCE = 2
PATIENCE_SECONDS = 0.25


class Turns:
    """The places of one event loop."""

    def __init__(self, at_once: int = AT_ONCE, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._at_once, self._patience_seconds = at_once, patience_seconds
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it for the block or until `step_aside`."""
        await self._enter()
        place = _Place(self)
        token = _place.set(place)
        try:
            yield
        finally:
            _place.reset(token)
            place.give_back()

    async def _enter(self) -> None:
        if self._taken < self._at_once:
            self._taken += 1
            return
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiting.append(waiter)
        timer = loop.call_later(self._patience_seconds, self._admit, waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():  # admitted at that very moment
                self.leave()
            raise
        finally:
            timer.cancel()

    def _admit(self, waiter: asyncio.Future[None]) -> None:
        if not waiter.done():
            self._taken += 1
            waiter.set_result(None)

    def leave(self) -> None:
        """Give a place to who has waited longest."""
        self._taken -= 1
        while self._waiting and self._taken < self._at_once:
            self._admit(self._waiting.popleft())


class _Place:
    def __init__(self, turns: Turns) -> None:
        self._turns: Turns | None = turns

    def give_back(self) -> None:
        turns, self._turns = self._turns, None
        if turns:
            turns.leave()


_place: ContextVar[_Place | None] = ContextVar("place", default=None)


def step_aside() -> None:
    """Let another turn have this one's place: it is going to wait."""
    place = _place.get()
    if place:
        place.give_back()
