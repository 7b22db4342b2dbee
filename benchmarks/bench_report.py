"""What `make bench` has measured, as figures with spreads, and the line of JSON.

Reads the measurements of benchmarks/bench.py; a figure that was not measured is None, and null in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks import bench_figures as figures
from benchmarks.bench_change import Change
from benchmarks.bench_figures import Figure
from benchmarks.bench_load import Load, Turn

STORES = ("sqlite", "redis")
KEYS = (
    "throughput_ratio", "p50_ratio", "p99_ratio", "start_ratio", "worker_memory_ratio", "growth_ours", "growth_stock",
    "ingest_us",
)  # fmt: skip


@dataclass
class Side:
    """Everything measured of one server. Empty and None: not measured."""

    workers: int = 1
    starts: list[float] = field(default_factory=list)  # seconds to the first right answer
    alone: list[list[Turn]] = field(default_factory=list)
    chats: list[list[Turn]] = field(default_factory=list)
    saturated: Load | None = None
    loaded: Load | None = None  # at 70% of what saturates it
    burst: Load | None = None  # saturated by sentences that nobody has said before
    change: Change | None = None  # of the model, under load
    megabytes: dict[str, float] = field(default_factory=dict)
    busy_cores: float | None = None  # what others took while callers talked

    @property
    def alone_turns(self) -> list[Turn]:
        return [turn for talk in self.alone for turn in talk]

    @property
    def mixed_turns(self) -> list[Turn]:
        """All but the burst."""
        loads = [turn for load in (self.saturated, self.loaded) if load for turn in load.turns]
        return [*self.alone_turns, *(turn for chat in self.chats for turn in chat), *loads]

    @property
    def every_turn(self) -> list[Turn]:
        return [*self.mixed_turns, *(self.burst.turns if self.burst else ())]


Sides = Mapping[str, Side]
Measure = Callable[[Side], "Figure | None"]


def _of_load(name: str, rank: float) -> Measure:
    def measure(side: Side) -> Figure | None:
        load: Load | None = getattr(side, name)
        return _milliseconds(figures.percentile(load.turns, rank)) if load else None

    return measure


def _rate(name: str) -> Measure:
    def measure(side: Side) -> Figure | None:
        load: Load | None = getattr(side, name)
        return figures.throughput(load) if load else None

    return measure


def _alone(rank: float) -> Measure:
    return lambda side: _milliseconds(figures.percentile(side.alone_turns, rank))


def _milliseconds(figure: Figure | None) -> Figure | None:
    return figure.scaled(1000) if figure else None


# Row of the table: title, number format, measure. The ratio is always ours over stock.
ROWS: dict[str, tuple[str, str, Measure]] = {
    "throughput": ("turns a second, 8 callers", ".1f", _rate("saturated")),
    "never_seen": ("turns a second, sentences never said before", ".1f", _rate("burst")),
    "alone_p50": ("one caller, p50 (ms)", ".1f", _alone(50)),
    "alone_p95": ("one caller, p95 (ms)", ".1f", _alone(95)),
    "alone_p99": ("one caller, p99 (ms)", ".1f", _alone(99)),
    "saturated_p50": ("8 callers, p50 (ms)", ".1f", _of_load("saturated", 50)),
    "saturated_p95": ("8 callers, p95 (ms)", ".1f", _of_load("saturated", 95)),
    "saturated_p99": ("8 callers, p99 (ms)", ".1f", _of_load("saturated", 99)),
    "loaded_p50": ("at 70% load, p50 (ms)", ".1f", _of_load("loaded", 50)),
    "loaded_p95": ("at 70% load, p95 (ms)", ".1f", _of_load("loaded", 95)),
    "loaded_p99": ("at 70% load, p99 (ms)", ".1f", _of_load("loaded", 99)),
    "start": ("start to the first right answer (s)", ".1f", lambda side: figures.least_to_greatest(side.starts)),
    "growth": ("turns 40–60 over turns 5–15", ".2f", lambda side: figures.growth(side.chats)),
}  # fmt: skip
RATIOS = {
    "throughput_ratio": "throughput", "p50_ratio": "alone_p50", "p99_ratio": "loaded_p99", "start_ratio": "start",
    "never_seen_ratio": "never_seen",
}  # fmt: skip


def measured(side: Side | None) -> dict[str, Figure | None]:
    """Every row of the table for one side."""
    return {name: measure(side) if side else None for name, (_, _, measure) in ROWS.items()}


def ratios(sides: Sides, store: str) -> dict[str, Figure | None]:
    """Ours over stock with this store, by the key of the last line."""
    a, b = (measured(sides.get(f"{who} {store}")) for who in ("ours", "stock"))
    return {key: one.over(other) if (one := a[row]) and (other := b[row]) else None for key, row in RATIOS.items()}


def pool_starts(sides: Sides) -> None:
    """Give each server the starts of all that differ from it in the store only: a start does not depend on it."""
    for who in ("ours", "stock"):
        same = [side for name, side in sides.items() if name in [f"{who} {store}" for store in STORES]]
        pooled = [seconds for side in same for seconds in side.starts]
        for side in same:
            side.starts = pooled


def worker_megabytes(sides: Sides, who: str) -> float | None:
    """What each further worker process takes, the same conversations held; with Redis, where stock Rasa has several."""
    known = {side.workers: side.megabytes for name, side in sides.items() if name.startswith(f"{who} redis")}
    one, several = min(known, default=1), max(known, default=1)
    if one == several or not all(known.values()):
        return None
    return (sum(known[several].values()) - sum(known[one].values())) / (several - one)


def worker_memory_ratio(sides: Sides) -> float | None:
    """Ours over stock."""
    ours, stock = (worker_megabytes(sides, who) for who in ("ours", "stock"))
    return ours / stock if ours is not None and stock else None


def two_workers_ratio(sides: Sides) -> Figure | None:
    """Throughput of ours over that of stock Rasa with two workers, both with Redis."""
    ours, stock = (sides.get(name) for name in ("ours redis", "stock redis 2"))
    if not (ours and ours.saturated and stock and stock.saturated):
        return None
    a, b = figures.throughput(ours.saturated), figures.throughput(stock.saturated)
    return a.over(b) if a and b else None


def summary(sides: Sides, ingest: Mapping[str, float] | None) -> dict[str, float | None]:
    """The numbers of the last line: KEYS with SQLite, then what else was measured, Redis with a suffix."""
    found = _of_store(sides, "sqlite")
    found["worker_memory_ratio"] = _rounded(worker_memory_ratio(sides))
    found["ingest_us"] = round(ingest["12 words"], 1) if ingest else None
    redis = {f"{key}_redis": value for key, value in _of_store(sides, "redis").items()}
    found |= redis | {"two_workers_ratio_redis": _rounded(two_workers_ratio(sides))}
    change = next((side.change for side in sides.values() if side.change), None)
    found["change_p99_ratio"] = _rounded(change.p99_ratio) if change else None
    found["change_failed"] = change.failed if change else None
    return {key: found.pop(key) for key in KEYS} | found


def _of_store(sides: Sides, store: str) -> dict[str, float | None]:
    found: dict[str, float | None] = {key: _rounded(figure) for key, figure in ratios(sides, store).items()}
    for who in ("ours", "stock"):
        found[f"growth_{who}"] = _rounded(measured(sides.get(f"{who} {store}"))["growth"])
    return found


def _rounded(figure: Figure | float | None) -> float | None:
    return None if figure is None else round(figure.value if isinstance(figure, Figure) else figure, 3)


def raw(sides: Sides) -> dict[str, Any]:
    """The measured times, to be looked at again later: seconds, no texts."""
    return {
        name: {
            "workers": side.workers,
            "starts": side.starts,
            "alone": [[turn.seconds for turn in talk] for talk in side.alone],
            "chats": [[turn.seconds for turn in talk] for talk in side.chats],
            **{
                each: [turn.seconds for turn in load.turns] if (load := getattr(side, each)) else None
                for each in ("saturated", "loaded", "burst")
            },
            "megabytes": side.megabytes,
            "busy_cores": side.busy_cores,
        }
        for name, side in sides.items()
    }
