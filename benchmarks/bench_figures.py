"""The arithmetic of `make bench`: figures with their spread, and ratios of two.

The spread is an interval that holds the figure in 90% of resamples (bootstrap) of what was measured; for figures that
were measured a few times only, the least and the greatest. It says how well this run measured, not how runs differ.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bench_load import Load, Turn
from benchmarks.server import children

RESAMPLES = 1000
WINDOW_SECONDS = 2.0
RESTING = 0.15  # of a core
EARLY, LATE = slice(4, 15), slice(39, 60)  # turns 5 to 15, 40 to 60


@dataclass(frozen=True)
class Figure:
    """A number, and between what it may lie."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> Figure:
        return Figure(self.value * factor, self.low * factor, self.high * factor)

    def over(self, other: Figure) -> Figure:
        """The ratio; its spread is the widest that both spreads allow."""
        return Figure(self.value / other.value, self.low / other.high, self.high / other.low)


def resampled(values: Sequence[float], statistic: Callable[..., np.ndarray]) -> Figure | None:
    """`statistic` (of numpy, with an axis) of the values, and its 90% interval; None without values."""
    if not values:
        return None
    measured = np.asarray(values, dtype=float)
    draws = np.random.default_rng(1).integers(0, len(measured), (RESAMPLES, len(measured)))
    low, high = np.percentile(statistic(measured[draws], axis=1), (5, 95))
    return Figure(float(statistic(measured, axis=0)), float(low), float(high))


def percentile(turns: Sequence[Turn], rank: float) -> Figure | None:
    """So many seconds were enough for `rank` percent of the answered turns."""
    seconds = [turn.seconds for turn in turns if not turn.failed]
    return resampled(seconds, lambda values, axis: np.percentile(values, rank, axis=axis))


def throughput(load: Load) -> Figure | None:
    """Answered turns a second; resampled by windows of two seconds."""
    windows = int((load.end - load.begin) / WINDOW_SECONDS)
    edges = [load.begin + WINDOW_SECONDS * each for each in range(windows + 1)]
    counts, _ = np.histogram([turn.at for turn in load.turns if not turn.failed], edges)
    return resampled([count / WINDOW_SECONDS for count in counts], np.mean)


def least_to_greatest(values: Sequence[float]) -> Figure | None:
    """The median of a few measurements, with the least and the greatest; None without any."""
    return Figure(statistics.median(values), min(values), max(values)) if values else None


def growth(talks: Sequence[Sequence[Turn]]) -> Figure | None:
    """How many times longer turns 40 to 60 take than turns 5 to 15, by their medians; over talks of 60 turns."""
    ratios = [
        statistics.median(turn.seconds for turn in talk[LATE]) / statistics.median(turn.seconds for turn in talk[EARLY])
        for talk in talks
        if len(talk) >= LATE.stop
    ]
    return least_to_greatest(ratios)


class Watch:
    """Counts from now on how many cores processes other than this one and the given ones keep busy (Linux)."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._servers = list(processes.values())
        self._started, self._before = time.monotonic(), self._ticks()

    def cores(self) -> float:
        """The mean until now. More than a tenth of one spoils a measurement."""
        ticks, seconds = self._ticks() - self._before, time.monotonic() - self._started
        return max(0.0, ticks / os.sysconf("SC_CLK_TCK") / seconds)

    def _ticks(self) -> int:
        user, nice, system, _, _, *rest = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
        return user + nice + system + sum(rest) - sum(map(_ticks_of, {os.getpid(), *_with_children(self._servers)}))


def settle(processes: Mapping[str, int], *, most_seconds: float = 60.0) -> None:
    """Wait until these processes and their children rest (Linux): a second worker may still be loading."""
    until = time.monotonic() + most_seconds
    while time.monotonic() < until:
        before, started = _wanted(processes), time.monotonic()
        time.sleep(1)
        if _wanted(processes) - before < RESTING * (time.monotonic() - started):
            return


def _wanted(processes: Mapping[str, int]) -> float:
    """Seconds that all their threads have run, or waited for a core."""
    nanoseconds = 0
    for pid in _with_children(processes.values()):
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):  # ended meanwhile
                nanoseconds += sum(map(int, thread.read_text().split()[:2]))
    return nanoseconds / 1e9


def _with_children(pids: Iterable[int]) -> set[int]:
    return {each for pid in pids for each in (pid, *children(pid))}


def proportional_megabytes(processes: Mapping[str, int], *, files: bool = True) -> dict[str, float]:
    """The memory of each process and its children, by name (Linux): PSS, where what several share is divided.

    Without `files` only what no file backs: pages of libraries are shared with all who use them, so that a process has
    more of them, by PSS, as soon as another one ends.
    """
    kinds = ("Pss",) if files else ("Pss_Anon", "Pss_Shmem")
    return {name: sum(_proportional(each, kinds) for each in (pid, *children(pid))) for name, pid in processes.items()}


def _proportional(pid: int, kinds: Iterable[str]) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(map(int, re.findall(rf"^(?:{'|'.join(kinds)}):\s+(\d+) kB", rollup, re.MULTILINE))) / 1024


def _ticks_of(pid: int) -> int:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(after_name[11]) + int(after_name[12])  # user and system
