"""Locks of several machines, in Redis."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError

from skycap.state.held import Held, holding

logger = logging.getLogger(__name__)
LEASE_SECONDS = 4.0  # after so long without a sign of life a holder, or somebody waiting, is taken for dead
SIGNS_OF_LIFE = 4  # in a lease


# KEYS: the queue of tickets, their leases, the last fence. ARGV: ticket, lease in ms.
# Takes a place in the queue or shows a sign of life; who comes after a dead ticket takes it away.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2])
local head = redis.call('LINDEX', KEYS[1], 0)
while head ~= ARGV[1] and tonumber(redis.call('HGET', KEYS[2], head) or 0) <= now do
  redis.call('LPOP', KEYS[1])
  redis.call('HDEL', KEYS[2], head)
  head = redis.call('LINDEX', KEYS[1], 0)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 10)
redis.call('PEXPIRE', KEYS[2], ARGV[2] * 10)
if head ~= ARGV[1] then return {0, tonumber(redis.call('HGET', KEYS[2], head)) - now} end
local last = redis.call('GET', KEYS[3])
local owner, fence = string.match(last or '', '^(.*) (%d+)$')
if owner ~= ARGV[1] then
  fence = math.max(tonumber(fence or 0) + 1, clock[1] * 1000000 + clock[2])
  redis.call('SET', KEYS[3], ARGV[1] .. ' ' .. string.format('%.0f', fence), 'PX', ARGV[2] * 10)
end
return {1, tonumber(fence)}
"""
# KEYS: queue, leases. ARGV: ticket. Shows a sign of life, unless the ticket was taken away: then 0.
_RENEW = """
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
local clock = redis.call('TIME')
redis.call('HSET', KEYS[2], ARGV[1], clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 10)
redis.call('PEXPIRE', KEYS[2], ARGV[2] * 10)
return 1
"""
# KEYS: queue, leases. ARGV: ticket. Leaves the queue; returns who is first now.
_LEAVE = """
redis.call('LREM', KEYS[1], 1, ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('LINDEX', KEYS[1], 0)
"""


class RedisLocks(LockStore):
    """Locks that processes share, in Redis: a queue of tickets for each conversation, atomic by Lua.

    A ticket names its process, and a process hears in one list of its own which of its tickets are first now.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        *,
        url: str | None = None,
        prefix: str = "skycap:lock:",
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        super().__init__()
        self._url = url or (endpoint_config.url if endpoint_config else None) or "redis://127.0.0.1:6379"
        self._redis = Redis.from_url(self._url, decode_responses=True, socket_timeout=10, socket_connect_timeout=5)
        self._take, self._renew, self._leave = (self._redis.register_script(each) for each in (_TAKE, _RENEW, _LEAVE))
        self._prefix, self._lease = prefix, lease_seconds
        self._process = uuid.uuid4().hex
        self._waiting: dict[str, asyncio.Event] = {}
        self._listener: asyncio.Task[None] | None = None
        self._number = 0
        self._queueing = asyncio.Lock()  # two connections could change the order in which messages came

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[Held]:
        """Hold the conversation's lock inside the block. Raises RedisError when Redis is away."""
        self._number += 1
        ticket = f"{self._process}:{self._number}"
        keys = [f"{self._prefix}{{{conversation_id}}}:{each}" for each in ("queue", "leases", "fence")]
        renewing: asyncio.Task[None] | None = None
        try:
            held = Held(conversation_id, await self._wait(ticket, keys))
            renewing = asyncio.create_task(self._stay(held, ticket, keys))
            with holding(held):
                yield held
        finally:
            if renewing:
                renewing.cancel()
            await asyncio.shield(self._give_up(ticket, keys))

    async def close(self) -> None:
        """Let go of connections."""
        if self._listener:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        await self._redis.close(close_connection_pool=True)

    async def _wait(self, ticket: str, keys: list[str]) -> int:
        """Wait for one's turn; returns the fence."""
        async with self._queueing:
            first, answer = await self._take(keys=keys, args=[ticket, self._milliseconds])
        if first:
            return answer
        woken = self._waiting[ticket] = asyncio.Event()
        try:
            while not first:
                self._listen()
                patience = min(answer / 1000 + 0.01, self._lease / SIGNS_OF_LIFE)
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(woken.wait(), patience)
                woken.clear()
                first, answer = await self._take(keys=keys, args=[ticket, self._milliseconds])
            return answer
        finally:
            del self._waiting[ticket]

    async def _stay(self, held: Held, ticket: str, keys: list[str]) -> None:
        """Show signs of life until cancelled."""
        until = time.monotonic() + self._lease
        while not held.lost:
            await asyncio.sleep(self._lease / SIGNS_OF_LIFE)
            asked = time.monotonic()
            try:
                if await self._renew(keys=keys[:2], args=[ticket, self._milliseconds]):
                    until = asked + self._lease
                else:
                    held.lost = True
            except RedisError as error:
                logger.warning("a lock could not be renewed: %s", type(error).__name__)
                held.lost = time.monotonic() > until

    async def _give_up(self, ticket: str, keys: list[str]) -> None:
        try:
            if following := await self._leave(keys=keys[:2], args=[ticket]):
                await self._wake(following)
        except RedisError as error:  # the lease ends by itself
            logger.warning("a lock could not be given back: %s", type(error).__name__)

    async def _wake(self, ticket: str) -> None:
        process = ticket.partition(":")[0]
        if process == self._process:
            if woken := self._waiting.get(ticket):
                woken.set()
            return
        calls = f"{self._prefix}calls:{process}"
        async with self._redis.pipeline() as pipe:
            await pipe.rpush(calls, ticket).pexpire(calls, self._milliseconds * 10).execute()

    def _listen(self) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        """Wake our own, as long as somebody waits. Who is not woken, because Redis is away, looks by themselves."""
        while self._waiting:
            try:
                call = await self._redis.blpop(f"{self._prefix}calls:{self._process}", timeout=1)
            except RedisError as error:
                logger.warning("calls cannot be heard: %s", type(error).__name__)
                return
            if call and (woken := self._waiting.get(call[1])):
                woken.set()

    @property
    def _milliseconds(self) -> int:
        return int(self._lease * 1000)
