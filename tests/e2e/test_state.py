"""Conversations that are kept in Redis and PostgreSQL, bursts of messages, a damaged turn: on a running server."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
import redis

from benchmarks.server import ServerProcess
from flights import database
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import everything
from skycap.state.analytics.reconciling import reconcile
from skycap.state.opening import open_state
from skycap.state.report import report

REDIS = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
ENDPOINTS = """
tracker_store:
  type: skycap.state.tracker_store.WindowTrackerStore
  url: {redis}
  archive: {archive}
lock_store:
  type: skycap.state.locks.RedisLocks
  url: {redis}
"""
BURST = 5


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory, postgres_url: str | None) -> Iterator[ServerProcess]:
    """A server with live conversations and locks in Redis, the archive in PostgreSQL."""
    client = redis.Redis.from_url(REDIS)
    try:
        client.ping()
    except redis.ConnectionError:
        pytest.skip("No Redis answers. Start one to run this.")
    if postgres_url is None:
        pytest.skip("No PostgreSQL answers. Start one to run this.")
    directory = tmp_path_factory.mktemp("shared")
    endpoints = directory / "shared.yml"
    endpoints.write_text(ENDPOINTS.format(redis=REDIS, archive=postgres_url))
    with ServerProcess(directory, today="2027-03-01", endpoints=str(endpoints), window_turns="4") as process:
        yield process
    client.close()


def test_a_burst_is_handled_one_after_the_other_and_at_once(shared_server: ServerProcess, postgres_url: str) -> None:
    sender = f"e2e-{uuid.uuid4().hex[:12]}"
    shared_server.say(sender, "hello")
    begin = time.perf_counter()
    shared_server.say(sender, "what about baggage?")
    one = time.perf_counter() - begin
    with ThreadPoolExecutor(BURST) as threads:
        begin = time.perf_counter()
        replies = list(threads.map(lambda _: shared_server.say(sender, "what about baggage?"), range(BURST)))
    assert all(replies)
    assert time.perf_counter() - begin < 2 * BURST * one + 1  # Rasa's polling alone would take 10 s
    backend = open_state(REDIS, postgres_url)
    assert len(backend.history(sender)) == BURST + 2
    backend.erase(sender)
    asyncio.run(backend.close())


def test_conversations_in_redis_and_their_archive_outlive_a_kill(
    shared_server: ServerProcess, traveller_of: Any, postgres_url: str
) -> None:
    traveller = traveller_of(shared_server)
    traveller.come_to_the_last_question()
    shared_server.kill()
    shared_server.start()
    assert "reference is" in traveller.say("yes")
    for _ in range(6):
        traveller.say("what about baggage?")
    backend = open_state(REDIS, postgres_url)
    assert len(backend.history(traveller.sender)) >= 14
    assert len(backend._archive.history(traveller.sender)) > 3 and len(backend._live.history(traveller.sender)) <= 7
    archive = Archive(database.engine(f"sqlite:///{shared_server.directory}/analytics.db"))
    sum(everything(backend, archive, time.time()))  # what the server has not taken in yet
    found = reconcile(backend, archive)
    assert found.agrees and found.stored.turns >= 14 and found.stored.bookings >= 1
    assert "(booked)" in report(archive)
    assert backend.erase(traveller.sender) >= 14
    asyncio.run(backend.close())


def test_a_damaged_turn_costs_one_conversation_a_clear_message(traveller: Any, traveller_of: Any) -> None:
    server = traveller.server
    traveller.say("I need a flight from Berlin to Rome on March 12")
    with closing(sqlite3.connect(server.directory / "conversations.db", timeout=20)) as connection, connection:
        damage = "UPDATE turns SET events = substr(events, 1, 100) WHERE conversation_id = ?"
        assert connection.execute(damage, (traveller.sender,)).rowcount == 1
    assert "can't open this conversation" in traveller.say("one way")
    assert f"conversation {traveller.sender} cannot be read" in server.log_end()
    assert "Skycap" in traveller_of(server).say("hello")
    assert server.get("/health/ready")[0] == 200
