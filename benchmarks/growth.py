"""How the cost of a turn grows with its conversation: turns 200 to 220 over turns 10 to 30, ours and stock Rasa's.

For each of SQLite and Redis, one server after the other. A long and a young conversation say the same 20 sentences in
blocks, which comes first in turn; beside the time that a caller waits, the processor time of the server's processes is
taken, which other work on the machine does not lengthen. `python -m benchmarks.state --growth` prints it; `measure` is
for `make bench`.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bench_stores import RedisDatabase
from benchmarks.server import ServerProcess, children
from benchmarks.stock.server import StockServer

# One round of a conversation: a trip planned, changed, interrupted by questions, and stopped.
ROUND = (
    "I need a flight from Berlin to Rome on March 12", "one way", "two people", "what about baggage?",
    "make it three people", "the second one", "can I take my dog?", "actually on March 14", "more options",
    "business class", "economy instead", "which one is the cheapest?", "go back", "to Madrid instead", "hello",
    "what can you do?", "four people", "how do I check in?", "stop", "thanks",
)  # fmt: skip
EARLY, LATE, BLOCK = 10, 200, len(ROUND)
TODAY = "2027-03-01"


@dataclass
class Blocks:
    """Seconds of each turn, and processor seconds of each block of 20 turns, early and late; one of each a pair."""

    early: list[list[float]] = field(default_factory=list)
    late: list[list[float]] = field(default_factory=list)
    early_cpu: list[float] = field(default_factory=list)
    late_cpu: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """The median turn, late over early."""
        return statistics.median(sum(self.late, [])) / statistics.median(sum(self.early, []))

    @property
    def cpu_growth(self) -> float:
        """Processor time of all late turns over all early ones."""
        return sum(self.late_cpu) / sum(self.early_cpu)

    @property
    def cpu_spread(self) -> tuple[float, float]:
        """The least and the greatest of the pairs."""
        ratios = [late / early for late, early in zip(self.late_cpu, self.early_cpu, strict=True)]
        return min(ratios), max(ratios)

    @property
    def late_milliseconds(self) -> float:
        return statistics.median(sum(self.late, [])) * 1000

    @property
    def late_cpu_milliseconds(self) -> float:
        return sum(self.late_cpu) / len(self.late_cpu) / BLOCK * 1000


def cpu_seconds(server: ServerProcess) -> float:
    """Processor time of the server's processes until now (Linux)."""
    ticks = 0
    for pid in server.processes.values():
        for each in (pid, *children(pid)):
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Caller:
    """Says the round to a server, over and over."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server

    def say(self, sender: str, numbers: range) -> list[float]:
        """Say these turns of the endless conversation; returns the seconds that each took."""
        seconds = []
        for number in numbers:
            begin = time.perf_counter()
            self._server.say(sender, ROUND[number % BLOCK])
            seconds.append(time.perf_counter() - begin)
        return seconds

    def block(self, sender: str, begin: int) -> tuple[list[float], float]:
        """Seconds of each turn of a block, and the processor seconds of all."""
        before = cpu_seconds(self._server)
        seconds = self.say(sender, range(begin, begin + BLOCK))
        return seconds, cpu_seconds(self._server) - before


def blocks(server: ServerProcess, pairs: int, name: str = "growth") -> Blocks:
    """Hold `pairs` long and young conversations with a running server."""
    caller, found = Caller(server), Blocks()
    caller.say(f"{name}-warm", range(BLOCK))
    for pair in range(pairs):
        long, young = f"{name}-long-{pair}", f"{name}-young-{pair}"
        caller.say(long, range(LATE))
        caller.say(young, range(EARLY))

        def late(sender: str = long) -> None:
            seconds, cpu = caller.block(sender, LATE)
            found.late.append(seconds)
            found.late_cpu.append(cpu)

        def early(sender: str = young) -> None:
            seconds, cpu = caller.block(sender, EARLY)
            found.early.append(seconds)
            found.early_cpu.append(cpu)

        for each in (early, late) if pair % 2 else (late, early):
            each()
    return found


SIDES: dict[str, tuple[Callable[..., Any], int]] = {"ours": (ServerProcess, 6), "stock": (StockServer, 2)}


def measure(redis_url: str | None, sides: Sequence[str] = tuple(SIDES)) -> dict[str, Blocks]:
    """Growth by side and store: `ours sqlite`, `ours redis`, …; Redis where its empty database is given.

    Raises ServerFailed, and NoRedis when that database is not there or not empty.
    """
    found = {}
    for store in ("sqlite", *(("redis",) if redis_url else ())):
        for side in sides:
            make, pairs = SIDES[side]
            redis = RedisDatabase(redis_url) if store == "redis" else None
            with (
                tempfile.TemporaryDirectory(prefix="skycap-growth-") as folder,
                make(Path(folder), redis=redis.url if redis else None, today=TODAY) as server,
            ):
                found[f"{side} {store}"] = blocks(server, pairs)
            if redis:
                redis.empty()
    return found


def table(found: dict[str, Blocks]) -> str:
    """The figures, a line for each server."""
    head = f"{'turn 200–220 over turn 10–30':30}{'waiting':>9}{'processor':>11}{'of the pairs':>16}{'a late turn':>24}"
    lines = [head]
    for name, each in found.items():
        low, high = each.cpu_spread
        turn = f"{each.late_milliseconds:.1f} ms, CPU {each.late_cpu_milliseconds:.1f}"
        lines.append(f"{name:30}{each.growth:9.2f}{each.cpu_growth:11.2f}{f'{low:.2f} to {high:.2f}':>16}{turn:>24}")
    return "\n".join(lines)


def keys(found: dict[str, Blocks]) -> dict[str, float]:
    """As `make bench` names them: growth_ours, growth_stock, growth_ours_redis, …, and each with _cpu."""
    result = {}
    for name, each in found.items():
        key = "growth_" + name.removesuffix(" sqlite").replace(" ", "_")
        result[key], result[f"{key}_cpu"] = round(each.growth, 3), round(each.cpu_growth, 3)
    return result
