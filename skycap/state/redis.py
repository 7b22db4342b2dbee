"""Conversations in Redis: for each a hash of where it stands, one of its turns, one of answered messages. Lua commits.

Redis keeps what was committed only as well as it is told to: run it with `appendonly yes` (docs/state.md). Memory is
dear, so texts are packed, and turns that have left the window may move to a SQL database: `ArchivedState`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import redis
import redis.asyncio
from sqlalchemy.exc import SQLAlchemyError

from skycap.state.backend import Position, StaleWrite, Standing, Turn, Window
from skycap.state.packed import pack, unpack
from skycap.state.sql import SqlState

logger = logging.getLogger(__name__)

# KEYS: place, turns, messages, ids. ARGV: version, first, on_snapshot, fence, at, message id, events, snapshot, id.
_COMMIT = """
local version, fence = unpack(redis.call('HMGET', KEYS[1], 'version', 'fence'))
if tonumber(version or 0) ~= ARGV[1] - 1 or tonumber(fence or 0) > tonumber(ARGV[4]) then return 0 end
if ARGV[6] ~= '' and redis.call('HSETNX', KEYS[3], ARGV[6], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'first', ARGV[2], 'on_snapshot', ARGV[3], 'fence', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[7], 'at:' .. ARGV[1], ARGV[5])
if ARGV[8] ~= '' then redis.call('HSET', KEYS[2], 'snapshot:' .. ARGV[1], ARGV[8]) end
redis.call('ZADD', KEYS[4], ARGV[5], ARGV[9])
return 1
"""
# KEYS: place, turns.
_LOAD = """
local place = redis.call('HMGET', KEYS[1], 'version', 'first', 'on_snapshot', 'fence')
if not place[1] then return nil end
if not (tonumber(place[1]) and tonumber(place[2])) then return {place, {}, false, {}} end
local numbers, marks = {}, {}
for number = place[2], place[1] do
  numbers[#numbers + 1] = number
  if redis.call('HEXISTS', KEYS[2], 'snapshot:' .. number) == 1 then marks[#marks + 1] = number end
end
local turns = redis.call('HMGET', KEYS[2], unpack(numbers))
return {place, turns, redis.call('HGET', KEYS[2], 'snapshot:' .. (place[2] - 1)), marks}
"""
# KEYS: place, turns, messages, ids. ARGV: id, before. Deletes what is old and not needed; returns how much.
_EXPIRE = """
local place = redis.call('HMGET', KEYS[1], 'version', 'first', 'on_snapshot')
local ended = tonumber(redis.call('ZSCORE', KEYS[4], ARGV[1]) or 0) < tonumber(ARGV[2])
local gone = 0
for number = 1, place[1] or 0 do
  local at = redis.call('HGET', KEYS[2], 'at:' .. number)
  if at and (ended or (tonumber(at) < tonumber(ARGV[2]) and number < place[2] - place[3])) then
    redis.call('HDEL', KEYS[2], number, 'at:' .. number, 'snapshot:' .. number)
    gone = gone + 1
  end
end
if ended then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
  redis.call('ZREM', KEYS[4], ARGV[1])
end
return gone
"""
# KEYS: place, turns. ARGV: number, most. Returns number, events and moment of each turn, flat.
_AFTER = """
local version, found = redis.call('HGET', KEYS[1], 'version'), {}
for number = ARGV[1] + 1, version or 0 do
  if #found == 3 * ARGV[2] then break end
  local turn = redis.call('HMGET', KEYS[2], number, 'at:' .. number)
  if turn[1] then
    found[#found + 1], found[#found + 2], found[#found + 3] = number, turn[1], turn[2]
  end
end
return found
"""
_TIMEOUT_SECONDS = 10
_BYTES = "surrogateescape"  # outside turns answers are texts, in which packed ones come through as they are
_CONNECTIONS = 32  # of turns; more wait
_AT_ONCE = 500  # conversations asked about in one go


class RedisState:
    """In the Redis at this address, under this prefix."""

    def __init__(self, address: str, prefix: str = "skycap:talk:") -> None:
        options = {"socket_timeout": _TIMEOUT_SECONDS, "socket_connect_timeout": _TIMEOUT_SECONDS}
        self._redis = redis.Redis.from_url(address, decode_responses=True, encoding_errors=_BYTES, **options)
        self._expire, self._after = map(self._redis.register_script, (_EXPIRE, _AFTER))
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            address, max_connections=_CONNECTIONS, timeout=_TIMEOUT_SECONDS, **options
        )
        self._async_redis = redis.asyncio.Redis(connection_pool=pool)  # what turns wait for; answers with bytes
        self._commit, self._load = map(self._async_redis.register_script, (_COMMIT, _LOAD))
        self._prefix, self._ids = prefix, f"{prefix}ids"
        self._redis.ping()

    async def load(self, conversation: str) -> Window | None:
        found: Any = await self._load(keys=self._keys(conversation)[:2])
        if found is None:
            return None
        (version, first, on_snapshot, fence), turns, before, marks = found
        position = Position(int(version), int(first), on_snapshot == b"1", int(fence))
        live = {number: unpack(turn) for number, turn in enumerate(turns, position.first) if turn is not None}
        snapshot = unpack(before) if before is not None and position.on_snapshot else None
        return Window(position, snapshot, live, tuple(marks)).check()

    async def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        place = [position.version, position.first, int(position.on_snapshot), position.fence]
        snapshot = pack(turn.snapshot) if turn.snapshot else ""
        said = [turn.at, turn.message_id or "", pack(turn.events), snapshot, conversation]
        if not await self._commit(keys=self._keys(conversation), args=[*place, *said]):
            raise StaleWrite(
                f"turn {position.version} is not the next one, its message has a turn, or the lock is lost"
            )

    async def answered(self, conversation: str, message_id: str) -> str | None:
        number = await self.number_of(conversation, message_id)
        events = await self._async_redis.hget(self._keys(conversation)[1], number) if number else None
        return None if events is None else unpack(events)

    async def number_of(self, conversation: str, message_id: str) -> str | None:
        """The number of the turn that answered this message, wherever it is now."""
        number = await self._async_redis.hget(self._keys(conversation)[2], message_id)
        return number and number.decode()

    def history(self, conversation: str) -> list[str]:
        return list(self.numbered(conversation).values())

    def numbered(self, conversation: str) -> dict[int, str]:
        """The events of all turns by number, in order."""
        kept = self._redis.hgetall(self._keys(conversation)[1])
        return {number: _text(kept[str(number)]) for number in sorted(int(key) for key in kept if key.isdecimal())}

    def before(self, conversation: str, number: int) -> dict[int, Turn]:
        """The turns before this one, the last first, as long as there are any."""
        _, turns, messages, _ = self._keys(conversation)
        found: dict[int, Turn] = {}
        while number := number - 1:
            events, at, kept = self._redis.hmget(turns, number, f"at:{number}", f"snapshot:{number}")
            if events is None:
                break
            found[number] = Turn(_text(events), float(at), None, kept and _text(kept))
        said = {int(at): message for message, at in self._redis.hgetall(messages).items()} if found else {}
        return {number: replace(turn, message_id=said.get(number)) for number, turn in found.items()}

    def turns_after(self, conversation: str, number: int, most: int) -> dict[int, Turn]:
        found: Any = self._after(keys=self._keys(conversation)[:2], args=[number, most])
        return {int(found[at]): Turn(_text(found[at + 1]), float(found[at + 2])) for at in range(0, len(found), 3)}

    def drop(self, conversation: str, numbers: Iterable[int]) -> None:
        """Forget these turns, but not that their messages were answered."""
        fields = [field for number in numbers for field in (str(number), f"at:{number}", f"snapshot:{number}")]
        self._redis.hdel(self._keys(conversation)[1], *fields)

    def conversations(self) -> set[str]:
        return set(self._redis.zrange(self._ids, 0, -1))

    def standings(self, since: float = 0.0) -> dict[str, Standing]:
        last: Any = self._redis.zrangebyscore(self._ids, since, "+inf", withscores=True)
        found: dict[str, Standing] = {}
        for begin in range(0, len(last), _AT_ONCE):
            some, pipeline = last[begin : begin + _AT_ONCE], self._redis.pipeline(transaction=False)
            for each, _ in some:
                pipeline.hmget(self._keys(each)[0], "version", "first", "on_snapshot", "fence")
            for (each, at), (version, first, on_snapshot, fence) in zip(some, pipeline.execute(), strict=True):
                if version is not None:  # not erased meanwhile
                    found[each] = Standing(Position(int(version), int(first), on_snapshot == "1", int(fence)), at)
        return found

    def erase(self, conversation: str) -> int:
        return self._expire(keys=self._keys(conversation), args=[conversation, 1e18])

    def expire(self, before: float) -> int:
        return sum(
            self._expire(keys=self._keys(each), args=[each, before]) for each in self._redis.zrange(self._ids, 0, -1)
        )

    async def close(self) -> None:
        self._redis.close()
        await self._async_redis.close(close_connection_pool=True)

    def _keys(self, conversation: str) -> list[str]:
        mine = f"{self._prefix}{{{conversation}}}"
        return [mine, f"{mine}:turns", f"{mine}:messages", self._ids]


def _text(answer: str) -> str:
    return unpack(answer.encode("utf-8", _BYTES))


class ArchivedState:
    """Live conversations in Redis; the turns that have left their windows in a SQL database.

    A turn is in one of them at any moment, and for a moment in both. An archive that is away delays the move.
    """

    def __init__(self, live: RedisState, archive: SqlState) -> None:
        self._live, self._archive = live, archive

    async def load(self, conversation: str) -> Window | None:
        return await self._live.load(conversation)

    async def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        await self._live.commit(conversation, turn, position)
        if position.oldest > 1:
            await self._archive.run(self._move, conversation, position)

    def _move(self, conversation: str, position: Position) -> None:
        try:
            if turns := self._live.before(conversation, position.oldest):
                self._archive.keep(conversation, turns)
                self._live.drop(conversation, turns)
        except (SQLAlchemyError, redis.RedisError) as error:  # the turn is stored; the next one tries again
            logger.error("turns could not be archived: %s", type(error).__name__)

    async def answered(self, conversation: str, message_id: str) -> str | None:
        if (events := await self._live.answered(conversation, message_id)) is not None:
            return events
        known = await self._live.number_of(conversation, message_id)
        return await self._archive.answered(conversation, message_id) if known else None

    def history(self, conversation: str) -> list[str]:
        live = self._live.numbered(conversation)  # first: what moves meanwhile is then in the archive
        return [text for _, text in sorted({**self._archive.numbered(conversation), **live}.items())]

    def turns_after(self, conversation: str, number: int, most: int) -> dict[int, Turn]:
        live = self._live.turns_after(conversation, number, most)  # first, as above
        both = {**self._archive.turns_after(conversation, number, most), **live}
        return {number: both[number] for number in sorted(both)[:most]}

    def conversations(self) -> set[str]:
        return self._live.conversations() | self._archive.conversations()

    def standings(self, since: float = 0.0) -> dict[str, Standing]:
        return {**self._archive.standings(since), **self._live.standings(since)}

    def erase(self, conversation: str) -> int:
        return self._live.erase(conversation) + self._archive.erase(conversation)

    def expire(self, before: float) -> int:
        return self._live.expire(before) + self._archive.expire(before)

    async def close(self) -> None:
        await self._live.close()
        await self._archive.close()
