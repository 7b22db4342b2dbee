"""What it costs to keep conversations: `make bench-state`, or `python -m benchmarks.state`.

First how a turn grows with its conversation, ours beside stock Rasa, in SQLite and Redis (benchmarks/growth.py); with
`--growth` that alone. Then a server answers a conversation of 500 turns, and these turns are stored again in every
backend: bytes written, loading, bytes of many live conversations. Prints tables and ends with one line of JSON. Needs a
model; PostgreSQL and Redis (SKYCAP_TEST_POSTGRES_URL, SKYCAP_TEST_REDIS_URL), in a schema and under a prefix of their
own, and for growth an empty database of Redis.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis
from rasa.core.lock_store import LockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from benchmarks import growth
from benchmarks.growth import ROUND, TODAY, Caller
from benchmarks.server import ServerProcess
from flights import database
from skycap.settings import ROOT
from skycap.state import sql
from skycap.state.backend import Position, StateBackend, Turn
from skycap.state.encoding import decode
from skycap.state.locks import FileLocks, MemoryLocks, RedisLocks
from skycap.state.redis import RedisState
from skycap.state.sql import SqlState
from skycap.state.tracker_store import WindowTrackerStore

POSTGRES = os.environ.get("SKYCAP_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
EMPTY_REDIS = "redis://127.0.0.1:6379/14"
BLOCK = len(ROUND)
FIRST, TURNS = 10, 500  # bytes of a turn are the same between these
TALK = "long-talk"


def play(turns: int) -> list[Turn]:
    """Hold one long conversation with a server; returns its turns as stored."""
    with tempfile.TemporaryDirectory(prefix="skycap-state-") as folder:
        with ServerProcess(Path(folder), today=TODAY) as server:
            Caller(server).say(TALK, range(turns))
        return stored(Path(folder))


def stored(directory: Path) -> list[Turn]:
    """The turns as the server stored them."""
    kept = sql.turns.c
    query = select(kept.events, kept.at, kept.message_id, kept.snapshot).where(kept.conversation_id == TALK)
    with database.engine(f"sqlite:///{directory}/conversations.db").connect() as connection:
        return [Turn(*row) for row in connection.execute(query.order_by(kept.number))]


def size(turn: Turn) -> int:
    """What a turn writes, in bytes."""
    return len(turn.events.encode()) + len((turn.snapshot or "").encode())


def rounds(turns: list[Turn]) -> list[float]:
    """Mean bytes written by a turn, of each round of 20 from turn 10 to the last."""
    ends = [*range(FIRST + BLOCK, len(turns), BLOCK), len(turns)]
    return [statistics.mean(map(size, turns[end - BLOCK : end])) for end in ends]


@contextmanager
def backends() -> Iterator[dict[str, Callable[[], StateBackend]]]:
    """Every backend that answers, empty, by name; emptied again afterwards."""
    name, folder = f"skycap_state_{uuid.uuid4().hex[:12]}", tempfile.mkdtemp(prefix="skycap-state-")
    client, server = redis.Redis.from_url(REDIS), create_engine(POSTGRES, future=True)
    client.ping()
    with server.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    options = {"options": f"-csearch_path={name} -csynchronous_commit=off"}
    url = make_url(POSTGRES).update_query_dict(options).render_as_string(hide_password=False)
    try:
        yield {
            "SQLite": lambda: SqlState(database.engine(f"sqlite:///{folder}/talks.db")),
            "PostgreSQL": lambda: SqlState(database.engine(url)),
            "Redis": lambda: RedisState(REDIS, f"{name}:"),
        }
    finally:
        database.engine(url).dispose()
        for key in client.scan_iter(f"{name}:*", count=5000):
            client.delete(key)
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))


async def load_milliseconds(backend: StateBackend, turns: list[Turn], long: int = 1000) -> float:
    """Median time to load a session of 1,000 turns as a tracker."""
    store, number = WindowTrackerStore(Domain.load(str(ROOT / "domain.yml")), backend=backend), 0
    tracker: DialogueStateTracker = store.init_tracker(TALK)
    while number < long:
        for turn in turns[len(tracker.events) > 0 :]:  # the session starts once
            for event in decode(turn.events):
                number += _renamed(event, number)
                tracker.update(event)
            await store.save(tracker)
            tracker = await store.retrieve(TALK)
    times = []
    for _ in range(50):
        begin = time.perf_counter()
        await store.retrieve(TALK)
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def _renamed(event: Event, number: int) -> int:
    if isinstance(event, UserUttered):
        event.message_id = f"{number}"
        return 1
    return 0


async def bytes_each(backend: StateBackend, turns: list[Turn], conversations: int, already: int) -> float:
    """Bytes of each live conversation, after storing so many of these turns in all."""
    for conversation in range(already, conversations):
        for number, turn in enumerate(turns, 1):
            await backend.commit(f"talk {conversation}", replace(turn, message_id=uuid.uuid4().hex), Position(number))
    if isinstance(backend, SqlState):
        with backend._engine.connect() as connection:
            tables = ("conversations", "turns")
            sizes = [connection.execute(text(f"SELECT pg_total_relation_size('{each}')")).scalar() for each in tables]
        return sum(sizes) / conversations
    mine = [key for talk in range(0, conversations, 10) for key in backend._keys(f"talk {talk}")[:3]]
    used = sum(backend._redis.memory_usage(key, samples=0) for key in mine)
    shared = backend._redis.memory_usage(backend._ids, samples=0) / conversations
    return used / (conversations / 10) + shared


async def burst_milliseconds(locks: LockStore, messages: int = 5) -> float:
    """The longest time between the end of a message's turn and the start of the next one's, of a burst."""
    moments: list[float] = []

    async def turn() -> None:
        async with locks.lock(TALK):
            moments.append(time.perf_counter())
            await asyncio.sleep(0.05)
            moments.append(time.perf_counter())

    await asyncio.gather(*(turn() for _ in range(messages)))
    return max(start - end for end, start in zip(moments[1::2], moments[2::2], strict=False)) * 1000


async def bursts() -> dict[str, float]:
    shared = RedisLocks(url=REDIS, prefix=f"bench:{uuid.uuid4().hex}:")
    try:
        with tempfile.TemporaryDirectory() as folder:
            files = FileLocks(path=Path(folder) / "locks")
            kinds = {"memory": MemoryLocks(), "files": files, "redis": shared}
            return {name: await burst_milliseconds(locks) for name, locks in kinds.items()}
    finally:
        await shared.close()


async def stored_again(turns: list[Turn], conversations: int) -> dict[str, float]:
    """How long a session of 1,000 turns loads from every backend; bytes of each live conversation of ten."""
    result: dict[str, float] = {}
    with backends() as opened:
        for name, make in opened.items():
            backend = make()
            result[f"load_ms_{name}"] = await load_milliseconds(backend, turns[: BLOCK * 5])
            backend.erase(TALK)
            await backend.close()
        for name in ("Redis", "PostgreSQL"):
            backend, already = opened[name](), 0
            for many in (conversations // 4, conversations):
                result[f"bytes_each_{name}_{many}"] = await bytes_each(backend, turns[:10], many, already)
                already = many
            await backend.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--growth", action="store_true", help="how turns grow, and nothing else")
    parser.add_argument("--redis", default=EMPTY_REDIS, help=f"an empty database, for growth (default {EMPTY_REDIS})")
    parser.add_argument("--side", choices=growth.SIDES, action="append", help="for growth, this one only")
    parser.add_argument("--conversations", type=int, default=10_000, help="of ten turns, for bytes each")
    chosen = parser.parse_args()
    found = growth.measure(chosen.redis, chosen.side or tuple(growth.SIDES))
    print(growth.table(found), flush=True)
    result: dict[str, Any] = growth.keys(found)
    if not chosen.growth:
        turns = play(TURNS)
        written = rounds(turns)
        result |= {"bytes_turn_least": min(written), "bytes_turn_most": max(written)}
        result |= {"bytes_flat": max(written) / min(written)}
        result |= {f"burst_ms_{name}": longest for name, longest in asyncio.run(bursts()).items()}
        result |= asyncio.run(stored_again(turns, chosen.conversations))
    for key, value in result.items():
        print(f"{key:32} {value:10.2f}")
    print(json.dumps({key: round(value, 3) for key, value in result.items()}))


if __name__ == "__main__":
    main()
