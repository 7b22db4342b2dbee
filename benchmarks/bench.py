"""Measure Skycap against stock Rasa in one run: `make bench`, or `python -m benchmarks.bench`.

Serves one model twice, in turn: by Rasa's own components (benchmarks/stock) and by `skycap serve`, each with databases
of its own and the same fixed today. Both hear the same conversations (benchmarks/bench_talks.py) over REST. Prints a
table with spreads, draws var/bench/*.png, and ends with one line of JSON: ours over stock, null where not measured.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import bench_load, bench_report
from benchmarks.bench_figures import Watch, resident_megabytes
from benchmarks.bench_ingest import ingest_microseconds
from benchmarks.bench_load import Caller, Turn
from benchmarks.bench_replies import OTHER, REVEALED, SAME, WORDING, Wordings, compare_all
from benchmarks.bench_report import Side
from benchmarks.bench_talks import TODAY, Talk, Writer, repeated
from benchmarks.server import ServerFailed, ServerProcess
from benchmarks.stock.server import StockServer
from skycap.settings import ROOT

PICTURES = ROOT / "var" / "bench"
# Right is the question for the return: it needs the model, the reading of the sentence and the form.
FIRST_QUESTION = ("I need a flight from Berlin to Rome on March 12", re.compile(r"come back|your return"))
BOOKED = re.compile(r"Your reference is")
LOAD_SHARE = 0.7
WARM_UP_TALKS = 3
QUIET_CORES = 0.1


@dataclass(frozen=True)
class Plan:
    """How much to measure, and for how long at most."""

    starts: dict[str, int]
    start_seconds: float = 300.0
    alone: int = 60
    alone_seconds: float = 45.0
    chats: int = 3
    chat_turns: int = 60
    chat_seconds: float = 30.0
    callers: int = 8
    load_seconds: float = 30.0
    ramp_seconds: float = 2.0


FULL = Plan(starts={"stock": 2, "ours": 3})
QUICK = replace(FULL, starts={"stock": 1, "ours": 1}, alone=3, alone_seconds=20.0, chats=0, load_seconds=4.0)

MakeServer = Callable[..., Any]
SERVERS: dict[str, MakeServer] = {"stock": StockServer, "ours": ServerProcess}


def main(
    arguments: Sequence[str] | None = None, *, servers: dict[str, MakeServer] = SERVERS, plan: Plan | None = None
) -> int:
    """Run the benchmark; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure Skycap against stock Rasa in one run.")
    parser.add_argument("--quick", action="store_true", help="a few conversations only, to see that it works")
    parser.add_argument("--only", choices=("ours", "stock", "ingest"), help="leave the others out")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="where pictures and times go")
    chosen = parser.parse_args(arguments)
    plan = plan or (QUICK if chosen.quick else FULL)
    started = time.monotonic()
    print(bench_report.machine(), flush=True)
    sides: dict[str, Side] = {}
    try:
        for name in ("stock", "ours"):
            if chosen.only in (None, name):
                sides[name] = measure(name, servers[name], plan)
    except ServerFailed as error:
        print(f"The benchmark failed at {name}. {error}", file=sys.stderr)
        return 1
    ingest = None
    if chosen.only in (None, "ingest"):
        calls = {"short_calls": 400, "long_calls": 40} if chosen.quick else {}
        ingest = ingest_microseconds(**calls)
    report(sides, ingest, chosen.pictures)
    print(f"{time.monotonic() - started:.0f} s in all; pictures and times are in {chosen.pictures}")
    print(json.dumps(bench_report.summary(sides.get("ours"), sides.get("stock"), ingest)))
    return 0


def measure(name: str, make_server: MakeServer, plan: Plan) -> Side:
    """Start one server as often as planned, then let callers talk to it. Raises ServerFailed."""
    side = Side()
    with tempfile.TemporaryDirectory(prefix=f"skycap-bench-{name}-") as temporary:
        for number in range(plan.starts[name]):
            directory = Path(temporary) / str(number)
            directory.mkdir()
            server = make_server(directory, today=TODAY.isoformat())
            try:
                side.starts.append(first_right_answer(server, plan.start_seconds))
                print(f"{name}: first right answer after {side.starts[-1]:.1f} s", flush=True)
                if number == plan.starts[name] - 1:
                    _talk(name, server, side, plan)
            finally:
                server.stop()
    return side


def first_right_answer(server: Any, timeout_seconds: float) -> float:
    """Start the server; returns the seconds until it answered a first question rightly. Raises ServerFailed."""
    question, right = FIRST_QUESTION
    started = time.monotonic()
    process = server.spawn()
    caller = Caller(server.url)
    for number in itertools.count():
        turn = caller.say(f"start-{number}", question)
        seconds = time.monotonic() - started
        if any(right.search(reply.get("text") or "") for reply in turn.replies):
            caller.close()
            return seconds
        if process.poll() is not None or seconds > timeout_seconds:
            caller.close()
            server.kill()
            raise ServerFailed(f"There was no right answer within {seconds:.0f} s:\n{server.log_end()}")
        time.sleep(0.05)
    raise AssertionError  # the loop has no end


def _talk(name: str, server: Any, side: Side, plan: Plan) -> None:
    """The phases with callers. Each server hears the same talks in the same order."""
    writer, watch = Writer(), Watch(server.processes)
    warming, talks = ([writer.talk() for _ in range(count)] for count in (WARM_UP_TALKS, plan.alone))
    chats = [writer.chat(plan.chat_turns) for _ in range(plan.chats)]
    bench_load.alone(server.url, warming, "warm", most_seconds=plan.alone_seconds)
    side.alone = bench_load.alone(server.url, talks, "alone", most_seconds=plan.alone_seconds)
    print(f"{name}: {len(side.alone_turns)} turns of one caller", flush=True)
    side.chats = bench_load.alone(server.url, chats, "chat", most_seconds=plan.chat_seconds)
    endless: Iterator[Talk] = iter(writer.talk, None)
    side.saturated = bench_load.saturated(
        server.url,
        endless,
        "load",
        callers=plan.callers,
        seconds=plan.load_seconds,
        ramp_seconds=plan.ramp_seconds,
    )
    print(f"{name}: {side.saturated.rate:.1f} turns a second, {plan.callers} callers", flush=True)
    rate = max(1.0, LOAD_SHARE * side.saturated.rate)
    side.loaded = bench_load.at_rate(server.url, endless, "rate", rate=rate, seconds=plan.load_seconds)
    side.busy_cores = watch.cores()
    side.megabytes = resident_megabytes(server.processes)


def report(sides: dict[str, Side], ingest: dict[str, float] | None, directory: Path) -> None:
    """Print everything and keep it in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = []
    if sides:
        lines.append(bench_report.table(sides.get("ours"), sides.get("stock")))
    for name, side in sides.items():
        if (side.busy_cores or 0.0) > QUIET_CORES:
            lines.append(f"{name}: others kept {side.busy_cores:.2f} cores busy meanwhile; its times are too long.")
        share = repeated(turn.text for turn in side.every_turn)
        booked = sum(any(BOOKED.search(each.get("text") or "") for each in turn.replies) for turn in side.every_turn)
        lines.append(f"{name}: {share:.0%} of the messages were said before in the run; {booked} bookings were made.")
    if len(sides) == 2:
        lines.append(_same_answers(sides["ours"].alone, sides["stock"].alone, directory))
    if ingest:
        lines.append("ingest: " + ", ".join(f"{taken:.0f} µs for {what}" for what, taken in ingest.items()) + ".")
    text = "\n\n".join(lines)
    print(f"\n{text}\n", flush=True)
    (directory / "report.md").write_text(text + "\n", encoding="utf-8")
    (directory / "times.json").write_text(json.dumps(bench_report.raw(sides)), encoding="utf-8")
    if sides:
        bench_report.draw(dict(reversed(sides.items())), directory)


def _same_answers(ours: list[list[Turn]], stock: list[list[Turn]], directory: Path) -> str:
    """How many answers are the same, in a sentence; the different ones go to a file."""
    counts, different = compare_all(ours, stock, Wordings.of(ROOT / "domain.yml"))
    total = max(1, counts.total())
    blocks = [
        f"talk {talk}, turn {turn}: {ours[talk][turn].text}\n  stock {_said(stock[talk][turn])}"
        f"\n  ours  {_said(ours[talk][turn])}"
        for talk, turn in different
    ]
    (directory / "differences.txt").write_text("\n\n".join(blocks), encoding="utf-8")
    return (
        f"Same answers: of {counts.total()} turns {counts[SAME] / total:.1%} are equal, {counts[WORDING] / total:.1%} "
        f"are another wording of the same response, {counts[REVEALED] / total:.1%} differ only in that stock Rasa "
        f"shows a token such as [NAME:1] in the place of the traveller's own data, {counts[OTHER] / total:.1%} differ "
        "otherwise (differences.txt)."
    )


def _said(turn: Turn) -> str:
    return json.dumps([reply.get("text") or reply for reply in turn.replies], ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
