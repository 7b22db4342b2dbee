"""Locks of one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from skycap.state.held import Held, holding


class Queues:
    """One queue for each conversation, as long as somebody stands in it."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}  # and how many hold it or wait for it

    def __len__(self) -> int:
        return len(self._locks)

    @asynccontextmanager
    async def first(self, conversation_id: str) -> AsyncIterator[None]:
        """Be the first of the queue inside the block."""
        lock, users = self._locks.get(conversation_id) or (asyncio.Lock(), 0)
        self._locks[conversation_id] = lock, users + 1
        try:
            async with lock:  # asyncio's locks are fair: first come, first served
                yield
        finally:
            lock, users = self._locks.pop(conversation_id)
            if users > 1:
                self._locks[conversation_id] = lock, users - 1


class MemoryLocks(LockStore):
    """Locks of this process."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        super().__init__()
        self._queues = Queues()
        self._fence = 0

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[Held]:
        """Hold the conversation's lock inside the block."""
        async with self._queues.first(conversation_id):
            self._fence = max(self._fence + 1, time.time_ns() // 1000)
            held = Held(conversation_id, self._fence)
            with holding(held):
                yield held
