"""What it costs to keep conversations: `python -m benchmarks.state` plays a long one and stores many short ones.

A server answers one conversation of 240 turns with our store, and the same with Rasa's SQL store; its turns are then
stored again in every backend. Prints a table and ends with one line of JSON. Needs a model; PostgreSQL and Redis where
they answer (SKYCAP_TEST_POSTGRES_URL, SKYCAP_TEST_REDIS_URL), in a schema and under a prefix of their own.
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
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from benchmarks.server import ServerProcess
from flights import database
from skycap.settings import ROOT
from skycap.state import sql
from skycap.state.backend import Position, StateBackend, Turn
from skycap.state.encoding import decode
from skycap.state.locks import MemoryLocks, RedisLocks
from skycap.state.redis import RedisState
from skycap.state.sql import SqlState
from skycap.state.tracker_store import WindowTrackerStore

POSTGRES = os.environ.get("SKYCAP_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
OURS = "skycap.state.tracker_store.WindowTrackerStore"
IN_REDIS = f"tracker_store: {{{{type: {OURS}, url: {REDIS}}}}}\n"
RASAS = "tracker_store: {{type: SQL, dialect: sqlite, db: {directory}/rasa.db}}\n"
# One round of the long conversation: a trip planned, changed, interrupted by questions, and stopped.
ROUND = (
    "I need a flight from Berlin to Rome on March 12", "one way", "two people", "what about baggage?",
    "make it three people", "the second one", "can I take my dog?", "actually on March 14", "more options",
    "business class", "economy instead", "which one is the cheapest?", "go back", "to Madrid instead", "hello",
    "what can you do?", "four people", "how do I check in?", "stop", "thanks",
)  # fmt: skip
EARLY, LATE, MEASURED = 10, 200, len(ROUND)
TALK, SHORT = "long-talk", "short-talk"


def play(turns: int, endpoints: str | None) -> tuple[list[float], list[float], Path]:
    """Hold the long conversation with a server, and beside its turns 200 to 240 a new one's turns 10 to 50.

    Late and early turns alternate, so that what else runs on the machine slows both alike; a round of sentences is said
    in yet another one first, so that what the server remembers of them makes neither look fast. Returns the seconds of
    early and late turns, and where the server's databases are.
    """
    directory = Path(tempfile.mkdtemp(prefix="skycap-state-"))
    settings = {"today": "2027-03-01"}
    if endpoints:
        (directory / "other.yml").write_text(endpoints.format(directory=directory))
        settings["endpoints"] = str(directory / "other.yml")
    early, late = [], []
    with ServerProcess(directory, **settings) as server:

        def say(sender: str, number: int) -> float:
            begin = time.perf_counter()
            server.say(sender, ROUND[number % len(ROUND)])
            return time.perf_counter() - begin

        for sender, until in (("warm-up", len(ROUND)), (TALK, LATE), (SHORT, EARLY)):
            for number in range(until):
                say(sender, number)
        for number in range(turns - LATE):
            late.append(say(TALK, LATE + number))
            early.append(say(SHORT, EARLY + number))
    return early[:MEASURED], late[:MEASURED], directory


def growth(early: list[float], late: list[float]) -> float:
    """The median turn of 200 to 220 over that of 10 to 30."""
    return statistics.median(late) / statistics.median(early)


def stored(directory: Path) -> list[Turn]:
    """The turns as the server stored them."""
    kept = sql.turns.c
    query = select(kept.events, kept.at, kept.message_id, kept.snapshot).where(kept.conversation_id == TALK)
    with database.engine(f"sqlite:///{directory}/conversations.db").connect() as connection:
        return [Turn(*row) for row in connection.execute(query.order_by(kept.number))]


def size(turn: Turn) -> int:
    """What a turn writes, in bytes."""
    return len(turn.events.encode()) + len((turn.snapshot or "").encode())


def bytes_around(turns: list[Turn], number: int) -> float:
    """Mean bytes of the round of turns that ends with this one."""
    return statistics.mean(map(size, turns[number - len(ROUND) : number]))


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


async def burst_milliseconds(locks: MemoryLocks | RedisLocks, messages: int = 5) -> float:
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
        return {"memory": await burst_milliseconds(MemoryLocks()), "redis": await burst_milliseconds(shared)}
    finally:
        await shared.close()


async def stored_again(turns: list[Turn], conversations: int) -> dict[str, float]:
    """How long a session of 1,000 turns loads from every backend; bytes of each live conversation of ten."""
    result: dict[str, float] = {}
    with backends() as opened:
        for name, make in opened.items():
            backend = make()
            result[f"load_ms_{name}"] = await load_milliseconds(backend, turns[: len(ROUND) * 5])
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
    parser.add_argument("--turns", type=int, default=240, help="of the long conversation; 220 at least")
    parser.add_argument("--conversations", type=int, default=10_000, help="of ten turns, for bytes each")
    chosen = parser.parse_args()
    result: dict[str, Any] = {}
    early, late, directory = play(chosen.turns, None)
    turns = stored(directory)
    result |= {"growth_ours": growth(early, late), "turn_ms": statistics.median(late) * 1000}
    early, late, _ = play(chosen.turns, IN_REDIS)
    for each in (TALK, SHORT, "warm-up"):
        RedisState(REDIS).erase(each)
    result |= {"growth_ours_redis": growth(early, late), "turn_ms_redis": statistics.median(late) * 1000}
    early, late, _ = play(chosen.turns, RASAS)
    result |= {"growth_rasas_store": growth(early, late), "turn_ms_rasas_store": statistics.median(late) * 1000}
    result |= {f"bytes_turn_{number}": bytes_around(turns, number) for number in (20, 40, 120, chosen.turns)}
    result |= {f"burst_ms_{name}": longest for name, longest in asyncio.run(bursts()).items()}
    result |= asyncio.run(stored_again(turns, chosen.conversations))
    for key, value in result.items():
        print(f"{key:32} {value:10.2f}")
    print(json.dumps({key: round(value, 3) for key, value in result.items()}))


if __name__ == "__main__":
    main()
