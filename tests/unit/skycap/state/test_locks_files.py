"""The queue in a file: order over processes, nothing in the way of who waits, nothing left over."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from rasa.core.lock_store import LockStore

from skycap.state.locks import FileLocks

FORK = multiprocessing.get_context("fork")
TALK = "somebody:+1 {x}"
BURST = 6


def test_messages_that_land_in_different_processes_are_handled_in_the_order_they_came(tmp_path: Path) -> None:
    came, said = FORK.Value("i", 0), FORK.SimpleQueue()

    def work(mine: int) -> None:
        async def turn(locks: LockStore, number: int) -> None:
            async with locks.lock(TALK):
                said.put((number, time.monotonic()))
                await asyncio.sleep(0.05)
                said.put((number, time.monotonic()))

        async def listen() -> None:
            locks, turns = FileLocks(path=tmp_path / "lock"), []
            for number in range(mine, BURST, 2):
                while came.value != number:
                    await asyncio.sleep(0.001)
                turns.append(asyncio.create_task(turn(locks, number)))
                await asyncio.sleep(0.005)
                came.value = number + 1
            await asyncio.gather(*turns)

        asyncio.run(listen())

    processes = [FORK.Process(target=work, args=(number,)) for number in range(2)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(60)
    assert [each.exitcode for each in processes] == [0, 0]
    steps = [said.get() for _ in range(2 * BURST)]
    assert [number for number, _ in steps] == [number for number in range(BURST) for _ in "ab"]
    waits = sorted(start - end for (_, end), (_, start) in zip(steps[1:-1:2], steps[2::2], strict=True))
    assert waits[len(waits) // 2] < 0.020, waits


async def test_who_waits_and_is_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    locks, waits = FileLocks(path=tmp_path / "lock"), FORK.Event()

    def wait() -> None:
        async def forever() -> None:
            waiting = asyncio.create_task(_hold(FileLocks(path=tmp_path / "lock"), TALK))
            await asyncio.sleep(0.2)
            waits.set()
            await waiting

        asyncio.run(forever())

    async with locks.lock(TALK):
        other = FORK.Process(target=wait)
        other.start()
        assert await asyncio.to_thread(waits.wait, 10)
        last = asyncio.create_task(_hold(locks, TALK))
        await asyncio.sleep(0.1)
        os.kill(other.pid, signal.SIGKILL)
        other.join()
        await asyncio.sleep(0.1)
        assert not last.done()
    await asyncio.wait_for(last, 5)


async def test_a_file_of_locks_leaves_no_file_open_and_no_thread(tmp_path: Path) -> None:
    locks, files, threads = (
        FileLocks(path=tmp_path / "lock"),
        len(list(Path("/proc/self/fd").iterdir())),
        threading.active_count(),
    )
    elsewhere = FileLocks(path=tmp_path / "lock")  # as in another process
    for _ in range(20):
        async with locks.lock(TALK):
            left = asyncio.create_task(_hold(elsewhere, TALK))
            waiting = asyncio.create_task(_hold(elsewhere, TALK))
            await asyncio.sleep(0.01)
            left.cancel()
        await asyncio.gather(left, waiting, return_exceptions=True)
    await asyncio.sleep(0.2)
    assert len(list(Path("/proc/self/fd").iterdir())) == files
    assert threading.active_count() == threads


async def test_fences_go_on_when_the_clock_is_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = FileLocks(path=tmp_path / "lock")
    async with locks.lock(TALK) as first:
        pass
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    async with locks.lock(TALK) as second:
        assert second.fence > first.fence


async def _hold(locks: LockStore, conversation: str) -> None:
    async with locks.lock(conversation):
        pass
