"""The asynchronous half of a backend whose driver blocks: in threads of its own (ADR 0012 has what that costs)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from skycap.state.backend import Position, Turn, Window

T = TypeVar("T")
THREADS = 16


class Threaded:
    """Runs `_load`, `_commit`, `_answered` and `_close` of the backend, at most so many at once; more wait.

    The threads belong to this backend alone: nothing else that blocks holds it up, and it holds up nothing else.
    """

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, type(self).__name__)

    async def load(self, conversation: str) -> Window | None:
        return await self.run(self._load, conversation)

    async def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        await self.run(self._commit, conversation, turn, position)

    async def answered(self, conversation: str, message_id: str) -> str | None:
        return await self.run(self._answered, conversation, message_id)

    async def close(self) -> None:
        await self.run(self._close)
        self._threads.shutdown(wait=False)

    async def run(self, call: Callable[..., T], *arguments: object) -> T:
        """Call something in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)
