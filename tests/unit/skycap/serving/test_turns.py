"""Turns in their order, a few at a time; who waits holds up nobody."""

from __future__ import annotations

import asyncio
import time

import pytest

from skycap.serving.turns import Turns, step_aside

LONG = 30.0


class Log:
    """Turns that begin and end, each when it is told to."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.begun, self.gates = turns, [], {}

    def start(self, name: str, *, aside: bool = False) -> asyncio.Task[None]:
        self.gates[name] = asyncio.Event()

        async def turn() -> None:
            async with self.turns.place():
                self.begun.append(name)
                if aside:
                    step_aside()
                    step_aside()
                await self.gates[name].wait()

        return asyncio.ensure_future(turn())

    async def end(self, *names: str) -> None:
        for name in names:
            self.gates[name].set()
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_turns_begin_in_their_order_so_many_at_once() -> None:
    log = Log(Turns(2, LONG))
    tasks = [log.start(name) for name in "abcde"]
    await settle()
    assert log.begun == ["a", "b"]
    await log.end("b")
    assert log.begun == ["a", "b", "c"]
    await log.end("a", "c", "d", "e")
    assert log.begun == ["a", "b", "c", "d", "e"]
    await asyncio.gather(*tasks)
    again = log.start("f")
    await settle()
    assert log.begun[-1] == "f"
    await log.end("f")
    await again


async def test_who_steps_aside_gives_its_place_back_once() -> None:
    log = Log(Turns(1, LONG))
    tasks = [log.start("a", aside=True), log.start("b"), log.start("c")]
    await settle()
    assert log.begun == ["a", "b"]
    await log.end("a")
    assert log.begun == ["a", "b"]
    await log.end("b", "c")
    assert log.begun == ["a", "b", "c"]
    await asyncio.gather(*tasks)


async def test_nobody_waits_long_for_turns_that_hang() -> None:
    log = Log(Turns(1, 0.05))
    tasks = [log.start(name) for name in "abc"]
    started = time.monotonic()
    while len(log.begun) < 3 and time.monotonic() - started < 2:
        await asyncio.sleep(0.01)
    assert log.begun == ["a", "b", "c"]
    late = log.start("d")
    await log.end("a", "b")
    assert "d" not in log.begun  # three came in, two have left
    await log.end("c")
    assert "d" in log.begun
    await log.end("d")
    await asyncio.gather(*tasks, late)


@pytest.mark.parametrize("admitted", [False, True])
async def test_a_turn_that_is_given_up_leaves_no_place_taken(admitted: bool) -> None:
    log = Log(Turns(1, LONG))
    first, second = log.start("a"), log.start("b")
    await settle()
    if admitted:
        log.gates["a"].set()
        await asyncio.sleep(0)
        while not first.done():
            await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await log.end("a")
    third = log.start("c")
    await settle()
    assert log.begun[-1] == "c"
    await log.end("c")
    await asyncio.gather(first, third)


async def test_a_failing_turn_gives_its_place_back() -> None:
    turns = Turns(1, LONG)
    with pytest.raises(ValueError, match="no"):
        async with turns.place():
            raise ValueError("no")
    async with turns.place():
        step_aside()


def test_outside_of_a_turn_there_is_no_place_to_leave() -> None:
    step_aside()
