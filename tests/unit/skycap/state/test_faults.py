"""Processes killed in the middle of commits, connections cut, a full disk: what was acknowledged is stored, once.

A turn that was not acknowledged is tried again with its message's id, as a platform would.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest
import redis
from botocore.exceptions import ClientError
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from skycap.state.backend import MemoryState, Position, StaleWrite, StateBackend, Turn
from skycap.state.dynamo import DynamoState
from skycap.state.redis import RedisState
from tests.unit.skycap.state.conftest import POSTGRES, REDIS
from tests.unit.skycap.state.moto_server import moto_server

FORK = multiprocessing.get_context("fork")
KILLS, TURNS = 12, 300
TALK = "somebody"


async def _commit_for_ever(opened: Callable[[], StateBackend], acknowledge: Connection) -> None:
    """Commit turn after turn; say of each that it is stored."""
    backend = opened()
    window = await backend.load(TALK)
    number = window.position.version if window else 0
    while True:
        number += 1
        kept = f'"snapshot {number}"' if number % 5 == 0 else None
        first = max(1, number - number % 5 - 4)
        position = Position(number, first, first > 1)
        await backend.commit(TALK, Turn(f'"{number} {"x" * 3000}"', float(number), f"m{number}", kept), position)
        acknowledge.send(number)


async def test_a_process_killed_at_any_moment_loses_nothing_it_acknowledged(opened: Callable[[], StateBackend]) -> None:
    if isinstance(opened(), MemoryState):
        pytest.skip("memory ends with its process")
    draw, acknowledged, kills = random.Random(1), 0, 0
    turns = 60 if isinstance(opened(), DynamoState) else TURNS  # moto copies its table for each transaction
    while kills < KILLS or acknowledged < turns:
        hears, says = FORK.Pipe(duplex=False)
        process = FORK.Process(target=lambda says: asyncio.run(_commit_for_ever(opened, says)), args=(says,))
        process.start()
        says.close()
        assert hears.poll(20)
        until = time.monotonic() + draw.uniform(0.02, 0.3)
        while time.monotonic() < until and hears.poll(0.05):
            acknowledged = max(acknowledged, hears.recv())
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        kills += 1
        while hears.poll():
            try:
                acknowledged = max(acknowledged, hears.recv())
            except EOFError:
                break
        backend = opened()
        window, history = await backend.load(TALK), backend.history(TALK)
        assert [int(turn[1:].split()[0]) for turn in history] == list(range(1, len(history) + 1))
        assert acknowledged <= len(history) == window.position.version <= acknowledged + 1
        assert await backend.answered(TALK, f"m{acknowledged}") == history[acknowledged - 1]
    assert acknowledged >= turns


@pytest.mark.parametrize("opened", ["sqlite", "postgresql", "redis"], indirect=True)
async def test_a_commit_cut_off_in_the_middle_stores_nothing(
    opened: Callable[[], StateBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = opened()
    await backend.commit(TALK, Turn('"1"', 1.0, "m1"), Position(1))
    with monkeypatch.context() as patched:
        if isinstance(backend, RedisState):
            patched.setattr(backend, "_commit", _cut)
        else:
            patched.setattr("skycap.state.sql._ADD", text("refused"))
        with pytest.raises((SQLAlchemyError, redis.RedisError)):
            await backend.commit(TALK, Turn('"2"', 2.0, "m2"), Position(2))
    assert backend.history(TALK) == ['"1"'] and (await backend.load(TALK)).position == Position(1)
    await backend.commit(TALK, Turn('"2"', 2.0, "m2"), Position(2))
    assert len(opened().history(TALK)) == 2


@pytest.mark.parametrize("opened", ["postgresql", "redis", "redis with archive"], indirect=True)
async def test_connections_cut_all_the_time_lose_and_double_nothing(opened: Callable[[], StateBackend]) -> None:
    backend, over = opened(), threading.Event()
    cutter = threading.Thread(target=_cut_connections, args=(backend, over))
    cutter.start()
    failed = 0
    try:
        for number in range(1, TURNS + 1):
            while True:
                try:
                    await _take_turn(backend, f"m{number}")
                    break
                except (SQLAlchemyError, redis.RedisError, StaleWrite):
                    failed += 1
    finally:
        over.set()
        cutter.join()
    assert failed > 0
    assert backend.history(TALK) == [f'"m{number}"' for number in range(1, TURNS + 1)]


async def _take_turn(backend: StateBackend, message_id: str) -> None:
    """Handle a message, unless it was: the answer to the commit may be what was cut off."""
    if await backend.answered(TALK, message_id) is None:
        window = await backend.load(TALK)
        number = window.position.version + 1 if window else 1
        first = max(1, number - number % 5 - 9)
        kept = f'"snapshot {number}"' if number % 5 == 0 else None
        await backend.commit(
            TALK, Turn(f'"{message_id}"', float(number), message_id, kept), Position(number, first, first > 1)
        )


def _cut_connections(backend: StateBackend, over: threading.Event) -> None:
    """Cut the connections of this backend alone, again and again; other work uses the same servers."""
    live = getattr(backend, "_live", backend)
    if isinstance(live, RedisState):
        with redis.Redis.from_url(REDIS) as client:
            while not over.wait(0.005):
                for each in client.client_list():
                    if each["name"] == live._prefix:
                        client.client_kill_filter(_id=each["id"])
        return
    name = live._engine.url.query["options"].rpartition("application_name=")[2]
    server = create_engine(POSTGRES, future=True)
    cut = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name")
    while not over.wait(0.02):
        with server.connect() as connection:
            connection.execute(cut, {"name": name})
    server.dispose()


async def test_requests_refused_and_answers_lost_lose_and_double_nothing() -> None:
    server, draw, failed = moto_server(), random.Random(1), 0
    where = f"region=eu-central-1&endpoint={server.address}"
    tables = [DynamoState(f"dynamodb://faults-{number}?{where}") for number in range(6)]
    server.fault = lambda operation: draw.choices((None, "throttled", "lost"), (97, 1, 2))[0]
    try:
        for number in range(1, TURNS + 1):
            while True:
                try:
                    await _take_turn(tables[number % 6], f"m{number}")
                    break
                except (ClientError, StaleWrite):
                    failed += 1
    finally:
        server.fault = lambda operation: None
    assert failed > 0  # moto does not know a transaction again that is repeated, DynamoDB does
    for place, table in enumerate(tables):
        assert table.history(TALK) == [f'"m{number}"' for number in range(1, TURNS + 1) if number % 6 == place]
        await table.close()


@pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
async def test_a_full_disk_refuses_turns_and_spoils_none(opened: Callable[[], StateBackend]) -> None:
    backend, number = opened(), 0

    def fill(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=60")

    backend._engine.dispose()
    event.listen(backend._engine, "connect", fill)
    with pytest.raises(SQLAlchemyError, match="full"):
        while number < TURNS:
            await backend.commit(
                TALK, Turn(f'"{number + 1} {"x" * 3000}"', 1.0, f"m{number + 1}"), Position(number + 1)
            )
            number += 1
    event.remove(backend._engine, "connect", fill)
    backend._engine.dispose()
    assert len(backend.history(TALK)) == (await backend.load(TALK)).position.version == number > 10
    await backend.commit(TALK, Turn('"room again"', 1.0, f"m{number + 1}"), Position(number + 1))


def _cut(*_: object, **__: object) -> None:
    raise redis.ConnectionError("cut off")
