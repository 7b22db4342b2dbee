"""A process that is killed in the middle of its commits: what it acknowledged is stored, once, nothing in halves."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest
import redis
from sqlalchemy.exc import SQLAlchemyError

from skycap.state.backend import MemoryState, Position, StateBackend, Turn
from skycap.state.redis import RedisState

FORK = multiprocessing.get_context("fork")
KILLS, TURNS = 12, 300
TALK = "somebody"


def _commit_for_ever(opened: Callable[[], StateBackend], acknowledge: Connection) -> None:
    """Commit turn after turn; say of each that it is stored."""
    backend = opened()
    window = backend.load(TALK)
    number = window.position.version if window else 0
    while True:
        number += 1
        kept = f'"snapshot {number}"' if number % 5 == 0 else None
        first = max(1, number - number % 5 - 4)
        position = Position(number, first, first > 1)
        backend.commit(TALK, Turn(f'"{number} {"x" * 3000}"', float(number), f"m{number}", kept), position)
        acknowledge.send(number)


def test_a_process_killed_at_any_moment_loses_nothing_it_acknowledged(opened: Callable[[], StateBackend]) -> None:
    if isinstance(opened(), MemoryState):
        pytest.skip("memory ends with its process")
    draw, acknowledged, kills = random.Random(1), 0, 0
    while kills < KILLS or acknowledged < TURNS:
        hears, says = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_commit_for_ever, args=(opened, says))
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
        window, history = backend.load(TALK), backend.history(TALK)
        assert [int(turn[1:].split()[0]) for turn in history] == list(range(1, len(history) + 1))
        assert acknowledged <= len(history) == window.position.version <= acknowledged + 1
        assert backend.answered(TALK, f"m{acknowledged}") == history[acknowledged - 1]
    assert acknowledged >= TURNS


@pytest.mark.parametrize("opened", ["sqlite", "postgresql", "redis"], indirect=True)
def test_a_commit_cut_off_in_the_middle_stores_nothing(
    opened: Callable[[], StateBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = opened()
    backend.commit(TALK, Turn('"1"', 1.0, "m1"), Position(1))
    with monkeypatch.context() as patched:
        if isinstance(backend, RedisState):
            patched.setattr(backend, "_commit", _cut)
        else:
            patched.setattr("skycap.state.sql.insert", _cut)
        with pytest.raises((SQLAlchemyError, redis.RedisError)):
            backend.commit(TALK, Turn('"2"', 2.0, "m2"), Position(2))
    assert backend.history(TALK) == ['"1"'] and backend.load(TALK).position == Position(1)
    backend.commit(TALK, Turn('"2"', 2.0, "m2"), Position(2))
    assert len(opened().history(TALK)) == 2


def _cut(*_: object, **__: object) -> None:
    raise redis.ConnectionError("cut off")
