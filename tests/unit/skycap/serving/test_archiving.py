"""The server's task that takes conversations into analytics: by itself, beside the turns, and on after a failure."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from skycap.serving.archiving import AT_ONCE, Archiving
from skycap.state.analytics.archive import open_archive
from skycap.state.backend import MemoryState
from skycap.state.tracker_store import WindowTrackerStore
from tests.unit.skycap.state.talks import keep, rows, three, turn

PATIENCE_SECONDS, SESSION_MINUTES = 30.0, 0.02


@pytest.fixture
def store() -> WindowTrackerStore:
    return WindowTrackerStore(Domain.empty(), backend=MemoryState())


def archiving(store: WindowTrackerStore, folder: Path, every_seconds: float = 0.05) -> Archiving:
    return Archiving(store, f"sqlite:///{folder}/analytics.db", SESSION_MINUTES, every_seconds)


async def until_taken_in(folder: Path, count: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        archive = open_archive(f"sqlite:///{folder}/analytics.db")
        if rows(archive, "SELECT COUNT(*) FROM analytics_turns") == [(count,)]:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"{count} turns were not taken in")


async def test_what_is_over_is_taken_in_by_itself_and_what_goes_on_is_not(
    store: WindowTrackerStore, tmp_path: Path
) -> None:
    task = asyncio.create_task(archiving(store, tmp_path).run())
    now = time.time()
    await keep(store.backend, "open", [turn(now + 3_600, starts=True)])
    await keep(store.backend, "long", [turn(now, starts=each == 0) for each in range(3 * AT_ONCE + 1)])
    await until_taken_in(tmp_path, 3 * AT_ONCE + 1)
    await keep(store.backend, "later", [turn(now, starts=True)])
    await until_taken_in(tmp_path, 3 * AT_ONCE + 2)
    task.cancel()


async def test_a_failure_is_logged_and_made_up_for(
    store: WindowTrackerStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.write_text("in the way")
    await keep(store.backend, "long", [turn(time.time() - 7_200, starts=True)])
    with caplog.at_level(logging.ERROR):
        task = asyncio.create_task(archiving(store, folder).run())
        until = time.monotonic() + PATIENCE_SECONDS
        while "cannot be taken into analytics now" not in caplog.text and time.monotonic() < until:
            await asyncio.sleep(0.05)
    assert "cannot be taken into analytics now: FileExistsError" in caplog.text
    folder.unlink()
    await until_taken_in(folder, 1)
    task.cancel()


async def test_no_turn_waits_while_the_analytics_database_is_locked(store: WindowTrackerStore, tmp_path: Path) -> None:
    await keep(store.backend, "long", [turn(time.time() - 7_200, starts=True)])
    open_archive(f"sqlite:///{tmp_path}/analytics.db")
    with closing(sqlite3.connect(tmp_path / "analytics.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        round_ = asyncio.create_task(archiving(store, tmp_path).round())
        begin = time.monotonic()
        await keep(store.backend, "open", [turn(time.time() + each, starts=each == 0) for each in range(10)])
        assert time.monotonic() - begin < 5 and not round_.done()  # it would wait for 30 s
        connection.execute("ROLLBACK")
    assert await round_ == 1


async def test_rasas_own_stores_are_left_alone(tmp_path: Path) -> None:
    await archiving(InMemoryTrackerStore(Domain.empty()), tmp_path).run()
    assert not (tmp_path / "analytics.db").exists()


async def test_two_processes_at_it_count_each_turn_once(store: WindowTrackerStore, tmp_path: Path) -> None:
    await three(store.backend)  # in 2027, so it goes on: only Ann's first session is over
    await keep(store.backend, "long", [turn(time.time() - 7_200 + each, starts=each == 0) for each in range(50)])
    first, second = (archiving(store, tmp_path) for _ in range(2))
    taken = await asyncio.gather(first.round(), second.round())
    assert sum(taken) == 53
    archive = open_archive(f"sqlite:///{tmp_path}/analytics.db")
    assert rows(archive, "SELECT COUNT(*) FROM analytics_turns") == [(53,)]
    assert rows(archive, "SELECT SUM(turns) FROM analytics_sessions") == [(53,)]
