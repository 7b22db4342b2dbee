"""Memory over many turns: one process holds conversations for as long as it takes, its memory is read on the way.

    .venv/bin/python -m benchmarks.soak --turns 100000     # `make soak`; 15 to 60 minutes, by the machine

The conversations of `make bench`, each once, so that caches fill as they would: what grows after the first 10,000 turns
is a leak or a cache that is too large. Prints a table and one line of JSON, draws var/bench/soak.png, and ends with
status 1 when a turn failed or memory grew by more than `--limit` megabytes. What is judged is the memory that no file
backs; all of it (PSS) stands beside it, and changes when other processes with the same libraries start or end.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_figures import proportional_megabytes
from benchmarks.bench_load import saturated
from benchmarks.bench_talks import TODAY, Talk, Writer
from benchmarks.pictures import draw_memory
from benchmarks.server import ServerFailed, ServerProcess
from skycap.settings import ROOT

SETTLED = 10_000  # turns after which memory must not grow any more
LIMIT_MEGABYTES = 20.0
PICTURE = ROOT / "var" / "bench" / "soak.png"


@dataclass(frozen=True)
class Sample:
    """What was so after so many turns: seconds since the first, memory in MB, turns that nobody answered."""

    turns: int
    seconds: float
    megabytes: float  # that no file backs
    failed: int
    pss: float  # MB, files included


def soak(server: ServerProcess, *, turns: int, callers: int, seconds: float) -> Iterator[Sample]:
    """Talk to a started server until it has answered so many turns; a sample before it, and every so many seconds."""
    writer, begin, answered, failed = Writer(), time.monotonic(), 0, 0
    talks = iter(writer.talk, Talk("", ()))
    yield Sample(0, 0.0, _megabytes(server, files=False), 0, _megabytes(server))
    while answered < turns:
        load = saturated(server.url, talks, f"soak-{answered}", callers=callers, seconds=seconds, ramp_seconds=0)
        if not load.turns:
            raise ServerFailed(f"Nothing was answered for {seconds:g} s:\n{server.log_end()}")
        answered += len(load.turns)
        failed += sum(turn.failed for turn in load.turns)
        taken = time.monotonic() - begin
        yield Sample(answered, taken, _megabytes(server, files=False), failed, _megabytes(server))


def _megabytes(server: ServerProcess, *, files: bool = True) -> float:
    return sum(proportional_megabytes(server.processes, files=files).values())


def summary(samples: Sequence[Sample], settled: int = SETTLED) -> dict[str, float | int | None]:
    """Growth is from the first sample after `settled` turns to the end; None in a run that was not longer."""
    later = [each for each in samples if each.turns >= settled]
    last = samples[-1]
    grown = last.megabytes - later[0].megabytes if len(later) > 1 else None
    return {
        "turns": last.turns,
        "failed": last.failed,
        "turns_per_second": round(last.turns / last.seconds, 1) if last.seconds else None,
        "start_mb": round(samples[0].megabytes, 1),
        "settled_mb": round(later[0].megabytes, 1) if later else None,
        "end_mb": round(last.megabytes, 1),
        "growth_mb": None if grown is None else round(grown, 1),
        "growth_pss_mb": round(last.pss - later[0].pss, 1) if len(later) > 1 else None,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns the exit status."""
    parser = argparse.ArgumentParser(description="Watch the memory of one server process over many turns.")
    parser.add_argument("--turns", type=int, default=100_000)
    parser.add_argument("--callers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20.0, help="between two samples")
    parser.add_argument("--limit", type=float, default=LIMIT_MEGABYTES, help="MB after the first 10,000 turns")
    parser.add_argument("--picture", type=Path, default=PICTURE)
    chosen = parser.parse_args(arguments)
    samples: list[Sample] = []
    print("|  turns | seconds | MB | MB with files (PSS) | failed |\n| ---: | ---: | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory(prefix="skycap-soak-") as directory:
        server = ServerProcess(Path(directory), today=TODAY.isoformat())
        try:
            with server:
                for each in soak(server, turns=chosen.turns, callers=chosen.callers, seconds=chosen.seconds):
                    samples.append(each)
                    memory = f"{each.megabytes:.1f} | {each.pss:.1f}"
                    print(f"| {each.turns} | {each.seconds:.0f} | {memory} | {each.failed} |", flush=True)
        except ServerFailed as error:
            print(f"The run ended early. {error}", file=sys.stderr)
            return 1
    draw_memory([each.turns for each in samples], [each.megabytes for each in samples], SETTLED, chosen.picture)
    found = summary(samples)
    print(json.dumps(found))
    return int(bool(found["failed"]) or (found["growth_mb"] or 0.0) > chosen.limit)


if __name__ == "__main__":
    sys.exit(main())
