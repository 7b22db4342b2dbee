"""One holder at a time, in order, woken at once: locks in memory, in a file and in Redis between processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from skycap.state.backend import Position, StaleWrite, Turn
from skycap.state.held import fence_of
from skycap.state.locks import FileLocks, MemoryLocks, RedisLocks
from skycap.state.redis import RedisState
from tests.unit.skycap.state.conftest import REDIS

FORK = multiprocessing.get_context("fork")
TALK = "somebody:+1 {x}"


@pytest.fixture
def prefix() -> Iterator[str]:
    """A prefix of one's own in Redis."""
    client, prefix = redis.Redis.from_url(REDIS), f"test:{uuid.uuid4().hex}:"
    try:
        client.ping()
    except redis.ConnectionError:
        pytest.skip("No Redis answers. Start one to run this.")
    yield prefix
    for key in client.scan_iter(f"{prefix}*"):
        client.delete(key)
    client.close()


@pytest.fixture(params=["memory", "file", "redis"])
async def locks(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LockStore]:
    if request.param != "redis":
        yield MemoryLocks() if request.param == "memory" else FileLocks(path=tmp_path / "lock")
        return
    made = RedisLocks(url=REDIS, prefix=request.getfixturevalue("prefix"))
    yield made
    await made.close()


@pytest.fixture(params=["file", "redis"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], LockStore]:
    """Makes locks that processes share."""
    if request.param == "file":
        return lambda: FileLocks(path=tmp_path / "lock")
    prefix = request.getfixturevalue("prefix")
    return lambda: RedisLocks(url=REDIS, prefix=prefix)


async def test_a_burst_is_handled_in_order_each_soon_after_the_one_before(locks: LockStore) -> None:
    running, started, ended = [], [], []

    async def turn(number: int) -> None:
        async with locks.lock(TALK):
            started.append((number, time.perf_counter()))
            running.append(number)
            assert running == [number]
            await asyncio.sleep(0.05)
            running.remove(number)
            ended.append(time.perf_counter())

    tasks = []
    for number in range(5):
        tasks.append(asyncio.create_task(turn(number)))
        await asyncio.sleep(0.005)  # messages come one after the other
    await asyncio.gather(*tasks)
    assert [number for number, _ in started] == list(range(5))
    waits = [start - end for (_, start), end in zip(started[1:], ended, strict=False)]
    assert sorted(waits)[len(waits) // 2] < 0.2, waits  # a busy machine; `make bench-state` measures it


async def test_another_conversation_does_not_wait(locks: LockStore) -> None:
    async with locks.lock(TALK):
        await asyncio.wait_for(_hold(locks, "another"), 1)


async def test_who_fails_or_gives_up_is_in_nobodys_way(locks: LockStore) -> None:
    with pytest.raises(ValueError):
        async with locks.lock(TALK):
            raise ValueError
    async with locks.lock(TALK):
        waiting = asyncio.create_task(_hold(locks, TALK))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
    await asyncio.wait_for(_hold(locks, TALK), 1)


async def test_fences_grow_and_are_known_inside(locks: LockStore) -> None:
    fences = []
    for _ in range(3):
        async with locks.lock(TALK) as held:
            fences.append(fence_of(TALK))
            assert held.fence == fences[-1] and fence_of("another") == 0
    assert 0 < fences[0] < fences[1] < fences[2] and fence_of(TALK) == 0


async def test_memory_forgets_locks_that_nobody_holds() -> None:
    locks = MemoryLocks()
    await asyncio.gather(*(_hold(locks, str(number % 7)) for number in range(50)))
    assert len(locks._queues) == 0


async def test_a_holder_that_is_alive_keeps_the_lock(prefix: str) -> None:
    one, other = (RedisLocks(url=REDIS, prefix=prefix, lease_seconds=0.4) for _ in range(2))
    async with one.lock(TALK) as held:
        waiting = asyncio.create_task(_hold(other, TALK))
        await asyncio.sleep(1.2)
        assert not waiting.done() and not held.lost
    await asyncio.wait_for(waiting, 1)
    await one.close()
    await other.close()


async def test_a_turn_whose_lock_was_lost_is_refused(prefix: str) -> None:
    locks = RedisLocks(url=REDIS, prefix=prefix, lease_seconds=0.4)
    async with locks.lock(TALK) as held:
        client = redis.Redis.from_url(REDIS)
        client.delete(f"{prefix}{{{TALK}}}:queue", f"{prefix}{{{TALK}}}:leases")
        client.close()
        await asyncio.sleep(0.3)
        assert held.lost
        with pytest.raises(StaleWrite):
            fence_of(TALK)
    await locks.close()


def test_a_killed_holder_frees_the_conversation_within_five_seconds(make: Callable[[], LockStore]) -> None:
    holds = FORK.Event()

    def hold() -> None:
        async def forever() -> None:
            async with make().lock(TALK):
                holds.set()
                await asyncio.sleep(60)

        asyncio.run(forever())

    async def wait() -> float:
        locks = make()
        waiting = asyncio.create_task(_hold(locks, TALK))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        os.kill(holder.pid, signal.SIGKILL)
        killed = time.perf_counter()
        await waiting
        await _close(locks)
        return time.perf_counter() - killed

    holder = FORK.Process(target=hold)
    holder.start()
    assert holds.wait(10)
    assert asyncio.run(wait()) < 5
    holder.join()


TURNS, TALKS, MESSAGES_AT_ONCE = 2000, 4, 10


def test_two_processes_and_two_thousand_turns_overlap_nowhere_and_lose_nothing(
    make: Callable[[], LockStore], prefix: str
) -> None:
    def work(name: str) -> None:
        asyncio.run(_work(name, make(), prefix))

    processes = [FORK.Process(target=work, args=(name,)) for name in ("a", "b")]
    for each in processes:
        each.start()
    for each in processes:
        each.join(120)
    assert [each.exitcode for each in processes] == [0, 0]
    backend = RedisState(REDIS, f"{prefix}talk:")
    said = {talk: backend.history(f"talk {talk}") for talk in range(TALKS)}
    assert sum(map(len, said.values())) == TURNS
    for talk, turns in said.items():
        for name in ("a", "b"):
            mine = [int(turn.split()[1]) for turn in turns if turn.startswith(name)]
            assert mine == sorted(mine), f"talk {talk}: order of {name} is lost"
    asyncio.run(backend.close())


async def _work(name: str, locks: LockStore, prefix: str) -> None:
    """Half of the turns of one process: reads, waits, writes what it read and one more. Fails on a second holder."""
    backend, client = RedisState(REDIS, f"{prefix}talk:"), redis.Redis.from_url(REDIS)

    async def turn(talk: int, number: int) -> None:
        conversation = f"talk {talk}"
        async with locks.lock(conversation) as held:
            assert client.incr(f"{prefix}holders {talk}") == 1, "two hold one lock"
            window = await backend.load(conversation)
            version = window.position.version if window else 0
            await asyncio.sleep(0)
            await backend.commit(conversation, Turn(f"{name} {number}", 1.0), Position(version + 1, fence=held.fence))
            client.decr(f"{prefix}holders {talk}")

    for begin in range(0, TURNS // 2, MESSAGES_AT_ONCE):
        tasks = [asyncio.create_task(turn(number % TALKS, number)) for number in range(begin, begin + MESSAGES_AT_ONCE)]
        await asyncio.gather(*tasks)
    await _close(locks)


@pytest.mark.parametrize("kind", [MemoryLocks, FileLocks, RedisLocks])
async def test_rasas_factory_makes_them(kind: type, tmp_path: Path) -> None:
    url = REDIS if kind is RedisLocks else str(tmp_path / "lock")
    made = LockStore.create(EndpointConfig(url, type=f"skycap.state.locks.{kind.__qualname__}"))
    assert type(made) is kind


async def _close(locks: LockStore) -> None:
    if isinstance(locks, RedisLocks):
        await locks.close()


async def _hold(locks: LockStore, conversation: str) -> None:
    async with locks.lock(conversation):
        pass
