"""The tables of `make bench` in Markdown, as benchmarks/RESULTS.md shows them, and the pictures.

`report` writes results.md (to be pasted as it is), the times, the answers that differ, and bars.png, latency.png and
turns.png.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks import bench_figures as figures
from benchmarks import bench_report
from benchmarks.bench_figures import Figure
from benchmarks.bench_load import Turn
from benchmarks.bench_replies import OTHER, REVEALED, SAME, WORDING, Wordings, compare_all
from benchmarks.bench_report import ROWS, STORES, Side, Sides, measured, ratios
from benchmarks.bench_talks import repeated
from skycap.settings import ROOT

STORE_NAMES = {"sqlite": "SQLite", "redis": "Redis"}
STORE_SENTENCES = {
    "sqlite": "Conversations in SQLite; stock Rasa by its SQL tracker store and locks in memory.",
    "redis": "Conversations and locks in Redis; stock Rasa by its RedisTrackerStore and RedisLockStore.",
}
BOOKED = re.compile(r"Your reference is")
QUIET_CORES = 0.1
# What issue "ten times stock Rasa" asks of each ratio: its title, the limit, and whether more is better.
LIMITS = {
    "throughput_ratio": ("throughput at saturation", "≥ 10", lambda value: value >= 10),
    "p50_ratio": ("p50 of one caller", "≤ 1/6", lambda value: value <= 1 / 6),
    "p99_ratio": ("p99 at 70% load", "≤ 1/5", lambda value: value <= 1 / 5),
    "start_ratio": ("start to the first right answer", "≤ 1/4", lambda value: value <= 1 / 4),
    "never_seen_ratio": ("throughput, sentences never said before", "≥ 5", lambda value: value >= 5),
}
WORKER_LIMIT = 1 / 3


def report(sides: Sides, ingest: Mapping[str, float] | None, directory: Path, seconds: float) -> None:
    """Print everything and keep it in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join(_parts(sides, ingest, directory, seconds))
    print(f"\n{text}\n", flush=True)
    (directory / "results.md").write_text(text + "\n", encoding="utf-8")
    (directory / "times.json").write_text(json.dumps(bench_report.raw(sides)), encoding="utf-8")
    if sides:
        draw(sides, directory)


def _parts(sides: Sides, ingest: Mapping[str, float] | None, directory: Path, seconds: float) -> Iterator[str]:
    yield f"## The run of {date.today().day} {date.today():%B %Y}"
    yield f"{machine()}. Commit {_commit()}; the run took {seconds / 60:.0f} minutes."
    if any(each is not None for store in STORES for each in ratios(sides, store).values()):
        yield summary_table(sides)
    for store in STORES:
        ours, stock = (sides.get(f"{who} {store}") for who in ("ours", "stock"))
        if ours or stock:
            yield f"### {STORE_NAMES[store]}"
            yield STORE_SENTENCES[store]
            yield store_table(ours, stock)
        if ours and stock:
            yield _same_answers(ours.alone, stock.alone, directory / f"differences-{store}.txt")
        if ours and ours.change:
            yield ours.change.sentence()
    if any(name.startswith(("ours redis", "stock redis")) for name in sides):
        yield "### Worker processes"
        yield workers_table(sides)
    notes = [f"- {each}" for each in _notes(sides, ingest)]
    if notes:
        yield "### What was heard, and by whom"
        yield "\n".join(notes)


def summary_table(sides: Sides) -> str:
    """Each ratio that has a limit, with both stores."""
    lines = ["| Skycap over stock Rasa | wanted | SQLite | Redis |", "| --- | ---: | ---: | ---: |"]
    found = {store: ratios(sides, store) for store in STORES}
    for key, (title, wanted, holds) in LIMITS.items():
        cells = [_judged(found[store][key], holds) for store in STORES]
        lines.append(f"| {title} | {wanted} | {' | '.join(cells)} |")
    memory = bench_report.worker_memory_ratio(sides)
    shown = "–" if memory is None else f"{memory:.2f}{'' if memory <= WORKER_LIMIT else ' (missed)'}"
    lines.append(f"| memory of a further worker | ≤ 1/3 | – | {shown} |")
    return "\n".join(lines)


def _judged(figure: Figure | None, holds) -> str:
    return "–" if figure is None else f"{_shown(figure, '.2f')}{'' if holds(figure.value) else ' (missed)'}"


def store_table(ours: Side | None, stock: Side | None) -> str:
    """Both sides and their ratio, each with its spread."""
    a, b = measured(ours), measured(stock)
    name = f"Skycap, {ours.workers} workers" if ours and ours.workers > 1 else "Skycap"
    lines = [f"| | stock Rasa | {name} | Skycap over stock |", "| --- | ---: | ---: | ---: |"]
    for row, (title, form, _) in ROWS.items():
        one, other = a[row], b[row]
        ratio = _shown(one.over(other), ".2f") if one and other else "–"
        lines.append(f"| {title} | {_shown(other, form)} | {_shown(one, form)} | {ratio} |")
    lines.append(f"| memory after the load (MB, PSS) | {_memory(stock)} | {_memory(ours)} | |")
    lines.append(f"| cores kept busy by others meanwhile | {_busy(stock)} | {_busy(ours)} | |")
    lines.append(f"| turns answered, not answered | {_answered(stock)} | {_answered(ours)} | |")
    return "\n".join(lines)


def workers_table(sides: Sides) -> str:
    """Throughput and memory by the number of worker processes, with Redis."""
    lines = [
        "| Redis | turns a second, 8 callers | memory (MB, PSS) | each further worker |",
        "| --- | ---: | ---: | ---: |",
    ]
    for who, title in (("stock", "stock Rasa"), ("ours", "Skycap")):
        known = {side.workers: side for name, side in sides.items() if name.startswith(f"{who} redis")}
        more = bench_report.worker_megabytes(sides, who)
        for number, (workers, side) in enumerate(sorted(known.items())):
            rate = _shown(figures.throughput(side.saturated) if side.saturated else None, ".1f")
            further = f"{more:.0f}" if number and more is not None else "–"
            count = f"{workers} worker{'s' if workers > 1 else ''}"
            lines.append(f"| {title}, {count} | {rate} | {_memory(side)} | {further} |")
    ratio = _shown(bench_report.two_workers_ratio(sides), ".2f")
    return "\n".join(lines) + f"\n\nSkycap over stock Rasa with two workers (`SANIC_WORKERS=2`), throughput: {ratio}."


def _notes(sides: Sides, ingest: Mapping[str, float] | None) -> Iterator[str]:
    for name, side in sides.items():
        if (side.busy_cores or 0.0) > QUIET_CORES:
            yield f"{name}: others kept {side.busy_cores:.2f} cores busy meanwhile; its times are too long."
        if not side.every_turn:
            continue
        share = repeated(turn.text for turn in side.mixed_turns)
        booked = sum(any(BOOKED.search(each.get("text") or "") for each in turn.replies) for turn in side.every_turn)
        burst = f", of the burst {repeated(turn.text for turn in side.burst.turns):.0%}" if side.burst else ""
        callers = [load for load in (side.saturated, side.loaded, side.burst) if load]
        used = sum(load.cpu_seconds for load in callers) / max(1, sum(load.calls for load in callers))
        yield (
            f"{name}: {share:.0%} of the messages were said before in the run{burst}; {booked} bookings were made; the "
            f"callers used {1e6 * used:.0f} µs of CPU a message."
        )
    if ingest:
        yield "`ingest`: " + ", ".join(f"{taken:.0f} µs for {what}" for what, taken in ingest.items()) + " (medians)."


def _same_answers(ours: list[list[Turn]], stock: list[list[Turn]], file: Path) -> str:
    """How many answers are the same, in a sentence; the different ones go to `file`."""
    counts, different = compare_all(ours, stock, Wordings.of(ROOT / "domain.yml"))
    total = max(1, counts.total())
    blocks = [
        f"talk {talk}, turn {turn}: {ours[talk][turn].text}\n  stock {_said(stock[talk][turn])}"
        f"\n  ours  {_said(ours[talk][turn])}"
        for talk, turn in different
    ]
    file.write_text("\n\n".join(blocks), encoding="utf-8")
    return (
        f"Same answers: of {counts.total()} turns {counts[SAME] / total:.1%} are equal, {counts[WORDING] / total:.1%} "
        f"are another wording of the same response, {counts[REVEALED] / total:.1%} differ only in that stock Rasa "
        f"shows a token such as `[NAME:1]` in the place of the traveller's own data, {counts[OTHER] / total:.1%} "
        f"differ otherwise ({file.name})."
    )


def _said(turn: Turn) -> str:
    return json.dumps([reply.get("text") or reply for reply in turn.replies], ensure_ascii=False)


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


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def draw(sides: Sides, directory: Path) -> None:
    """Draw bars.png, latency.png and turns.png."""
    from benchmarks import pictures  # matplotlib: a second

    shown = {_title(who, store): sides[f"{who} {store}"] for store in STORES for who in ("stock", "ours")
             if f"{who} {store}" in sides}  # fmt: skip
    rows = {name: {key: each for key, each in measured(side).items() if each} for name, side in shown.items()}
    panels = {key: ROWS[key][:2] for key in ("throughput", "never_seen", "alone_p50", "loaded_p99", "start", "growth")}
    pictures.draw_spread(rows, panels, directory / "bars.png")
    curves = {
        "one caller": {name: _sorted_milliseconds(side.alone_turns) for name, side in shown.items()},
        "at 70% of each side's own saturation": {
            name: _sorted_milliseconds(side.loaded.turns) for name, side in shown.items() if side.loaded
        },
    }
    pictures.draw_latencies(curves, directory / "latency.png")
    turns = {name: _by_turn(side.chats) for name, side in shown.items() if side.chats}
    if turns:
        pictures.draw_turns(turns, directory / "turns.png")


def _title(who: str, store: str) -> str:
    return f"{'Skycap' if who == 'ours' else 'stock Rasa'}, {STORE_NAMES[store]}"


def _sorted_milliseconds(turns: Sequence[Turn]) -> list[float]:
    return sorted(1000 * turn.seconds for turn in turns if not turn.failed)


def _by_turn(chats: Sequence[Sequence[Turn]]) -> list[float]:
    """Milliseconds of the first turn, the second …: medians over the chats."""
    return [1000 * statistics.median(turn.seconds for turn in turns) for turns in zip(*chats, strict=False)]
