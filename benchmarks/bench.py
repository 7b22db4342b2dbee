"""Measure Skycap against stock Rasa in one run: `make bench`, or `python -m benchmarks.bench`.

Serves one model by Rasa's own components (benchmarks/stock) and by `skycap serve`, with conversations in SQLite and in
Redis, one server at a time, each with databases of its own and the same fixed today. All hear the same conversations
(benchmarks/bench_talks.py) over REST. Prints tables with spreads, writes them and pictures to var/bench, and ends with
one line of JSON: ours over stock, null where not measured.
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

from benchmarks import bench_change, bench_load, bench_report, bench_tables
from benchmarks.bench_figures import Watch, proportional_megabytes, settle
from benchmarks.bench_ingest import ingest_microseconds
from benchmarks.bench_report import Side
from benchmarks.bench_stores import NoRedis, RedisDatabase
from benchmarks.bench_talks import TODAY, Talk, Writer
from benchmarks.server import ServerFailed, ServerProcess
from benchmarks.stock.server import StockServer
from skycap.settings import ROOT

PICTURES = ROOT / "var" / "bench"
REDIS = "redis://127.0.0.1:6379/13"
# Right is the question for the return: it needs the model, the reading of the sentence and the form.
FIRST_QUESTION = ("I need a flight from Berlin to Rome on March 12", re.compile(r"come back|your return"))
LOAD_SHARE = 0.7
CHANGE_SHARE = 0.4
WARM_UP_TALKS = 3


@dataclass(frozen=True)
class Plan:
    """How much to measure, and for how long at most."""

    starts: dict[str, int]  # of each store
    start_seconds: float = 300.0
    alone: int = 40
    alone_seconds: float = 24.0
    chats: int = 3
    chat_turns: int = 60
    chat_seconds: float = 24.0
    callers: int = 8
    load_seconds: float = 24.0
    rate_seconds: float = 30.0
    short_seconds: float = 14.0  # of the burst, and where only throughput and memory are measured
    ramp_seconds: float = 2.0
    workers: int = 2
    change: bool = True  # of the model of ours, under load


FULL = Plan(starts={"stock": 1, "ours": 2})
QUICK = replace(
    FULL, starts={"stock": 1, "ours": 1}, alone=3, alone_seconds=20.0, chats=0, load_seconds=4.0,
    rate_seconds=4.0, short_seconds=3.0, change=False,
)  # fmt: skip

MakeServer = Callable[..., Any]
SERVERS: dict[str, MakeServer] = {"stock": StockServer, "ours": ServerProcess}


@dataclass(frozen=True)
class Serving:
    """One way of serving: whose, where conversations are, with how many workers; `brief` leaves out all but a load."""

    who: str
    store: str
    workers: int
    brief: bool = False

    @property
    def name(self) -> str:
        return f"{self.who} {self.store}" + (f" {self.workers}" if self.brief else "")


def servings(workers: int) -> list[Serving]:
    """What is measured, in its order. Stock Rasa is served as `rasa run` does without being told more."""
    return [
        Serving("stock", "sqlite", 1), Serving("ours", "sqlite", workers),
        Serving("stock", "redis", 1), Serving("ours", "redis", workers),
        Serving("stock", "redis", 2, brief=True), Serving("ours", "redis", 1, brief=True),
    ]  # fmt: skip


def main(
    arguments: Sequence[str] | None = None, *, servers: dict[str, MakeServer] = SERVERS, plan: Plan | None = None
) -> int:
    """Run the benchmark; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure Skycap against stock Rasa in one run.")
    parser.add_argument("--quick", action="store_true", help="a few conversations only, to see that it works")
    parser.add_argument("--only", choices=("ours", "stock", "ingest"), help="leave the others out")
    parser.add_argument("--stores", nargs="+", choices=("sqlite", "redis"), default=("sqlite", "redis"))
    parser.add_argument("--redis", default=REDIS, help=f"an empty database; it is emptied afterwards (default {REDIS})")
    parser.add_argument("--workers", type=int, help="processes of `skycap serve` (default 2)")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="where tables, pictures and times go")
    chosen = parser.parse_args(arguments)
    plan = plan or (QUICK if chosen.quick else FULL)
    plan = replace(plan, workers=chosen.workers or plan.workers)
    started = time.monotonic()
    print(bench_tables.machine(), flush=True)
    try:
        redis = RedisDatabase(chosen.redis) if "redis" in chosen.stores and chosen.only != "ingest" else None
    except NoRedis as error:
        print(f"The benchmark did not begin. {error} Or leave Redis out: --stores sqlite.", file=sys.stderr)
        return 1
    sides: dict[str, Side] = {}
    try:
        for each in servings(plan.workers):
            if chosen.only in (None, each.who) and each.store in chosen.stores:
                sides[each.name] = measure(each, servers[each.who], plan, redis if each.store == "redis" else None)
    except ServerFailed as error:
        print(f"The benchmark failed at {each.name}. {error}", file=sys.stderr)
        return 1
    finally:
        if redis:
            redis.empty()
    bench_report.pool_starts(sides)
    ingest = None
    if chosen.only in (None, "ingest"):
        ingest = ingest_microseconds(**({"short_calls": 400, "long_calls": 40} if chosen.quick else {}))
    bench_tables.report(sides, ingest, chosen.pictures, time.monotonic() - started)
    print(json.dumps(bench_report.summary(sides, ingest)))
    return 0


def measure(serving: Serving, make_server: MakeServer, plan: Plan, redis: RedisDatabase | None) -> Side:
    """Start one server as often as planned, then let callers talk to it. Raises ServerFailed."""
    side = Side(workers=serving.workers)
    settings = {"today": TODAY.isoformat()} | ({"workers": str(serving.workers)} if serving.workers > 1 else {})
    starts = 1 if serving.brief else plan.starts[serving.who]
    with tempfile.TemporaryDirectory(prefix=f"skycap-bench-{serving.who}-") as temporary:
        for number in range(starts):
            directory = Path(temporary) / str(number)
            directory.mkdir()
            if redis:
                redis.empty()
            server = make_server(directory, redis=redis.url if redis else None, **settings)
            try:
                side.starts.append(first_right_answer(server, plan.start_seconds))
                print(f"{serving.name}: first right answer after {side.starts[-1]:.1f} s", flush=True)
                if number == starts - 1:
                    settle(server.processes)
                    watch = Watch(server.processes | ({"redis": redis.process} if redis else {}))
                    _talk(serving, server, side, plan, watch)
            finally:
                server.stop()
    return side


def first_right_answer(server: Any, timeout_seconds: float) -> float:
    """Start the server; returns the seconds until it answered a first question rightly. Raises ServerFailed."""
    question, right = FIRST_QUESTION
    started = time.monotonic()
    process = server.spawn()
    for number in itertools.count():
        turn = bench_load.once(server.url, f"start-{number}", question)
        seconds = time.monotonic() - started
        if any(right.search(reply.get("text") or "") for reply in turn.replies):
            return seconds
        if process.poll() is not None or seconds > timeout_seconds:
            server.kill()
            raise ServerFailed(f"There was no right answer within {seconds:.0f} s:\n{server.log_end()}")
        time.sleep(0.05)
    raise AssertionError  # the loop has no end


def _talk(serving: Serving, server: Any, side: Side, plan: Plan, watch: Watch) -> None:
    """The phases with callers. Each server hears the same talks in the same order."""
    writer = Writer()
    endless: Iterator[Talk] = iter(writer.talk, None)
    unseen: Iterator[Talk] = iter(writer.unseen, None)
    warming = [writer.talk() for _ in range(WARM_UP_TALKS)]

    def saturate(talks: Iterator[Talk], name: str, seconds: float) -> bench_load.Load:
        load = bench_load.saturated(
            server.url, talks, name, callers=plan.callers, seconds=seconds, ramp_seconds=plan.ramp_seconds
        )
        print(f"{serving.name}: {load.rate:.1f} turns a second, {plan.callers} callers, {name}", flush=True)
        return load

    bench_load.alone(server.url, warming, "warm", most_seconds=plan.alone_seconds)
    if not serving.brief:
        talks = [writer.talk() for _ in range(plan.alone)]
        chats = [writer.chat(plan.chat_turns) for _ in range(plan.chats)]
        side.alone = bench_load.alone(server.url, talks, "alone", most_seconds=plan.alone_seconds)
        print(f"{serving.name}: {len(side.alone_turns)} turns of one caller", flush=True)
        side.chats = bench_load.alone(server.url, chats, "chat", most_seconds=plan.chat_seconds)
    side.saturated = saturate(endless, "load", plan.short_seconds if serving.brief else plan.load_seconds)
    side.megabytes = proportional_megabytes(server.processes)
    if serving.brief:
        side.busy_cores = watch.cores()
        return
    rate = max(1.0, LOAD_SHARE * side.saturated.rate)
    side.loaded = bench_load.at_rate(server.url, endless, "rate", rate=rate, seconds=plan.rate_seconds)
    side.burst = saturate(unseen, "unseen", plan.short_seconds)
    side.busy_cores = watch.cores()  # before the processes are others
    if plan.change and serving.name == "ours redis":
        side.change = bench_change.measure(server, endless, rate=CHANGE_SHARE * side.saturated.rate)
        print(f"{serving.name}: {side.change.sentence()}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
