"""What `make bench` prints: the table of both sides, the pictures, and the line of JSON.

Reads the measurements of benchmarks/bench.py; a figure that was not measured is a dash in the table and null in JSON.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import bench_figures as figures
from benchmarks.bench_figures import Figure
from benchmarks.bench_load import Load, Turn

KEYS = (
    "throughput_ratio", "p50_ratio", "p99_ratio", "start_ratio", "worker_memory_ratio", "growth_ours", "growth_stock",
    "ingest_us",
)  # fmt: skip


@dataclass
class Side:
    """Everything measured of one server. Empty and None: not measured."""

    starts: list[float] = field(default_factory=list)  # seconds to the first right answer
    alone: list[list[Turn]] = field(default_factory=list)
    chats: list[list[Turn]] = field(default_factory=list)
    saturated: Load | None = None
    loaded: Load | None = None  # at 70% of what saturates it
    megabytes: dict[str, float] = field(default_factory=dict)
    busy_cores: float | None = None  # what others took while callers talked

    @property
    def alone_turns(self) -> list[Turn]:
        return [turn for talk in self.alone for turn in talk]

    @property
    def every_turn(self) -> list[Turn]:
        loads = [turn for load in (self.saturated, self.loaded) if load for turn in load.turns]
        return [*self.alone_turns, *(turn for chat in self.chats for turn in chat), *loads]


Measure = Callable[[Side], "Figure | None"]


def _of_load(name: str, rank: float) -> Measure:
    def measure(side: Side) -> Figure | None:
        load: Load | None = getattr(side, name)
        return _milliseconds(figures.percentile(load.turns, rank)) if load else None

    return measure


def _alone(rank: float) -> Measure:
    return lambda side: _milliseconds(figures.percentile(side.alone_turns, rank))


def _milliseconds(figure: Figure | None) -> Figure | None:
    return figure.scaled(1000) if figure else None


def _throughput(side: Side) -> Figure | None:
    return figures.throughput(side.saturated) if side.saturated else None


# Row of the table: title, number format, measure. The ratio is always ours over stock.
ROWS: dict[str, tuple[str, str, Measure]] = {
    "throughput": ("turns a second, 8 callers", ".1f", _throughput),
    "alone_p50": ("one caller, p50 (ms)", ".0f", _alone(50)),
    "alone_p95": ("one caller, p95 (ms)", ".0f", _alone(95)),
    "alone_p99": ("one caller, p99 (ms)", ".0f", _alone(99)),
    "saturated_p50": ("8 callers, p50 (ms)", ".0f", _of_load("saturated", 50)),
    "saturated_p95": ("8 callers, p95 (ms)", ".0f", _of_load("saturated", 95)),
    "saturated_p99": ("8 callers, p99 (ms)", ".0f", _of_load("saturated", 99)),
    "loaded_p50": ("at 70% load, p50 (ms)", ".0f", _of_load("loaded", 50)),
    "loaded_p95": ("at 70% load, p95 (ms)", ".0f", _of_load("loaded", 95)),
    "loaded_p99": ("at 70% load, p99 (ms)", ".0f", _of_load("loaded", 99)),
    "start": ("start to the first right answer (s)", ".1f", lambda side: figures.least_to_greatest(side.starts)),
    "growth": ("turns 40–60 over turns 5–15", ".2f", lambda side: figures.growth(side.chats)),
}


def measured(side: Side | None) -> dict[str, Figure | None]:
    """Every row of the table for one side."""
    return {name: measure(side) if side else None for name, (_, _, measure) in ROWS.items()}


def summary(ours: Side | None, stock: Side | None, ingest: dict[str, float] | None) -> dict[str, float | None]:
    """The numbers of the last line. There are no further workers yet, so their memory is not measured."""
    a, b = measured(ours), measured(stock)

    def ratio(name: str) -> float | None:
        one, other = a[name], b[name]
        return round(one.value / other.value, 3) if one and other else None

    def rounded(figure: Figure | None) -> float | None:
        return round(figure.value, 3) if figure else None

    values = (
        ratio("throughput"), ratio("alone_p50"), ratio("loaded_p99"), ratio("start"), None, rounded(a["growth"]),
        rounded(b["growth"]), round(ingest["12 words"], 1) if ingest else None,
    )  # fmt: skip
    return dict(zip(KEYS, values, strict=True))


def table(ours: Side | None, stock: Side | None) -> str:
    """Both sides and their ratio in Markdown, each with its spread."""
    a, b = measured(ours), measured(stock)
    lines = ["| | stock Rasa | Skycap | Skycap over stock |", "| --- | ---: | ---: | ---: |"]
    for name, (title, form, _) in ROWS.items():
        one, other = a[name], b[name]
        ratio = _shown(one.over(other), ".2f") if one and other else "–"
        lines.append(f"| {title} | {_shown(other, form)} | {_shown(one, form)} | {ratio} |")
    total_a, total_b = (sum(side.megabytes.values()) if side else 0.0 for side in (ours, stock))
    ratio = f"{total_a / total_b:.2f}" if total_a and total_b else "–"
    lines.append(f"| resident memory after the load (MB) | {_memory(stock)} | {_memory(ours)} | {ratio} |")
    lines.append(f"| cores kept busy by others meanwhile | {_busy(stock)} | {_busy(ours)} | |")
    lines.append(f"| turns answered, not answered | {_answered(stock)} | {_answered(ours)} | |")
    return "\n".join(lines)


def _shown(figure: Figure | None, form: str) -> str:
    return f"{figure.value:{form}} ({figure.low:{form}}–{figure.high:{form}})" if figure else "–"


def _memory(side: Side | None) -> str:
    return " + ".join(f"{value:.0f} ({name})" for name, value in side.megabytes.items()) or "–" if side else "–"


def _answered(side: Side | None) -> str:
    if not side:
        return "–"
    failed = sum(turn.failed for turn in side.every_turn)
    return f"{len(side.every_turn) - failed}, {failed}"


def _busy(side: Side | None) -> str:
    return "–" if side is None or side.busy_cores is None else f"{side.busy_cores:.2f}"


def machine() -> str:
    """Processor, memory and versions in one line."""
    processor = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in ("rasa", "rasa-sdk", "tensorflow", "sanic"))
    return (
        f"{processor[1].strip() if processor else platform.machine()}, {os.cpu_count()} cores, {gigabytes:.0f} GB, "
        f"{platform.system()} {platform.release()}; Python {platform.python_version()}, {versions}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def draw(sides: dict[str, Side], directory: Path) -> None:
    """Draw bars.png, latency.png and turns.png."""
    from benchmarks import pictures  # matplotlib: a second

    rows = {name: {key: each for key, each in measured(side).items() if each} for name, side in sides.items()}
    panels = {key: (title, form) for key, (title, form, _) in ROWS.items()}
    pictures.draw_spread(rows, panels, directory / "bars.png")
    curves = {}
    for name, side in sides.items():
        curves[f"{name}, one caller"] = _sorted_milliseconds(side.alone_turns)
        for title, load in (("8 callers", side.saturated), ("70% load", side.loaded)):
            curves[f"{name}, {title}"] = _sorted_milliseconds(load.turns if load else ())
    pictures.draw_latencies({name: values for name, values in curves.items() if values}, directory / "latency.png")
    turns = {name: _by_turn(side.chats) for name, side in sides.items() if side.chats}
    if turns:
        pictures.draw_turns(turns, directory / "turns.png")


def _sorted_milliseconds(turns: Sequence[Turn]) -> list[float]:
    return sorted(1000 * turn.seconds for turn in turns if not turn.failed)


def _by_turn(chats: Sequence[Sequence[Turn]]) -> list[float]:
    """Milliseconds of the first turn, the second …: medians over the chats."""
    return [1000 * statistics.median(turn.seconds for turn in turns) for turns in zip(*chats, strict=False)]


def raw(sides: dict[str, Side]) -> dict[str, Any]:
    """The measured times, to be looked at again later: seconds, no texts."""
    return {
        name: {
            "starts": side.starts,
            "alone": [[turn.seconds for turn in talk] for talk in side.alone],
            "chats": [[turn.seconds for turn in talk] for talk in side.chats],
            "saturated": [turn.seconds for turn in side.saturated.turns] if side.saturated else None,
            "loaded": [turn.seconds for turn in side.loaded.turns] if side.loaded else None,
            "megabytes": side.megabytes,
            "busy_cores": side.busy_cores,
        }
        for name, side in sides.items()
    }
