"""What a platform repeats may land in another worker: that one waits for the first, or takes over from a dead one."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time

import pytest

from skycap.channels.deliveries import ANSWERED, FAILED, RUNNING, Deliveries
from skycap.shared import SharedTable

FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deliveries, "table", SharedTable(1000, 5))


def in_another_worker(*states: int, seconds: float = 0.0) -> multiprocessing.process.BaseProcess:
    """A process that notes these states, one after the other, and lives so long."""
    began = FORK.Event()

    def work() -> None:
        for state in states:
            Deliveries("slack").note("1", state)
            began.set()
            time.sleep(seconds)

    worker = FORK.Process(target=work)
    worker.start()
    assert began.wait(10)
    return worker


async def test_what_nobody_else_has_is_ours() -> None:
    assert await Deliveries("slack").elsewhere("1") is None
    Deliveries("slack").note("1", RUNNING)
    assert await Deliveries("slack").elsewhere("1") is None


@pytest.mark.parametrize("end", [ANSWERED, FAILED])
async def test_what_another_worker_is_at_is_waited_for(end: int) -> None:
    worker = in_another_worker(RUNNING, end, seconds=0.3)
    assert await asyncio.wait_for(Deliveries("telegram").elsewhere("1"), 5) is None
    assert await asyncio.wait_for(Deliveries("slack").elsewhere("1"), 5) == end
    worker.join()
    assert await Deliveries("slack").elsewhere("1") == end


async def test_what_a_worker_died_over_is_ours() -> None:
    worker = in_another_worker(RUNNING, seconds=60)
    waiting = asyncio.ensure_future(Deliveries("slack").elsewhere("1"))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()
    assert await asyncio.wait_for(waiting, 5) is None
