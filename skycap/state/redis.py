"""Conversations in Redis: for each a hash of where it stands, one of its turns, one of answered messages. Lua commits.

Redis keeps what was committed only as well as it is told to: run it with `appendonly yes` (docs/state.md).
"""

from __future__ import annotations

from typing import Any

import redis

from skycap.state.backend import Position, StaleWrite, Turn, Window

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
_TIMEOUT_SECONDS = 10


class RedisState:
    """In the Redis at this address, under this prefix."""

    def __init__(self, address: str, prefix: str = "skycap:talk:") -> None:
        self._redis = redis.Redis.from_url(
            address, decode_responses=True, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )
        self._commit, self._load, self._expire = map(self._redis.register_script, (_COMMIT, _LOAD, _EXPIRE))
        self._prefix, self._ids = prefix, f"{prefix}ids"
        self._redis.ping()

    def load(self, conversation: str) -> Window | None:
        found: Any = self._load(keys=self._keys(conversation)[:2])
        if found is None:
            return None
        (version, first, on_snapshot, fence), turns, before, marks = found
        position = Position(int(version), int(first), on_snapshot == "1", int(fence))
        live = {number: text for number, text in enumerate(turns, position.first) if text is not None}
        return Window(position, before if position.on_snapshot else None, live, tuple(marks)).check()

    def commit(self, conversation: str, turn: Turn, position: Position) -> None:
        place = [position.version, position.first, int(position.on_snapshot), position.fence]
        said = [turn.at, turn.message_id or "", turn.events, turn.snapshot or "", conversation]
        if not self._commit(keys=self._keys(conversation), args=[*place, *said]):
            raise StaleWrite(
                f"turn {position.version} is not the next one, its message has a turn, or the lock is lost"
            )

    def answered(self, conversation: str, message_id: str) -> str | None:
        _, turns, messages, _ = self._keys(conversation)
        number = self._redis.hget(messages, message_id)
        return self._redis.hget(turns, number) if number else None

    def history(self, conversation: str) -> list[str]:
        kept = self._redis.hgetall(self._keys(conversation)[1])
        return [kept[number] for number in sorted(filter(str.isdecimal, kept), key=int)]

    def conversations(self) -> set[str]:
        return set(self._redis.zrange(self._ids, 0, -1))

    def erase(self, conversation: str) -> int:
        return self._expire(keys=self._keys(conversation), args=[conversation, 1e18])

    def expire(self, before: float) -> int:
        return sum(
            self._expire(keys=self._keys(each), args=[each, before]) for each in self._redis.zrange(self._ids, 0, -1)
        )

    def close(self) -> None:
        self._redis.close()

    def _keys(self, conversation: str) -> list[str]:
        mine = f"{self._prefix}{{{conversation}}}"
        return [mine, f"{mine}:turns", f"{mine}:messages", self._ids]
