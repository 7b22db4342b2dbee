"""Changes of the model under load: holds a steady load, has the server take other archives, then one that is broken.

The others are copies of the model that is served, so every answer stays comparable; the server cannot know that.
`skycap model use` waits until the new model serves or was refused (docs/operating.md). No turn may fail at any time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import bench_load
from benchmarks.bench_load import Turn
from benchmarks.bench_talks import Talk
from benchmarks.server import ServerProcess
from skycap.settings import ROOT

MODEL = ROOT / "models" / "skycap.tar.gz"
CHANGES = 3  # one takes seconds, of which p99 is a handful of turns
BEFORE_SECONDS = 10.0
AFTER_SECONDS = 3.0  # what was under way when the new model came belongs to the change
MOST_SECONDS = 180.0


@dataclass(frozen=True)
class Change:
    """What travellers noticed: p99 in seconds, before changes and during them; turns, and those without an answer."""

    seconds: float  # until a new model served, on average
    served: bool  # each of them
    refused: bool  # the broken archive
    refusal: str
    p99_before: float
    p99_during: float
    turns: int
    failed: int

    @property
    def p99_ratio(self) -> float:
        """How many times longer a turn took during the changes."""
        return self.p99_during / self.p99_before

    def sentence(self) -> str:
        """All of it, for the results."""
        took = f"the new one served after {self.seconds:.1f} s" if self.served else "A NEW ONE DID NOT SERVE"
        broken = f"refused (*{self.refusal}*)" if self.refused else "NOT REFUSED"
        return (
            f"{CHANGES} changes of the model at 40% load: {took}; of {self.turns} turns {self.failed} failed; p99 "
            f"{1000 * self.p99_before:.0f} ms before, {1000 * self.p99_during:.0f} ms during the changes "
            f"({self.p99_ratio:.2f} times). A broken archive was {broken}."
        )


def measure(server: ServerProcess, talks: Iterator[Talk], *, rate: float, before: float = BEFORE_SECONDS) -> Change:
    """Change the model of a running server while callers send `rate` messages a second."""
    over = threading.Event()
    with tempfile.TemporaryDirectory(prefix="skycap-change-") as directory, ThreadPoolExecutor(1) as pool:
        archives = [Path(directory) / f"next-{number}.tar.gz" for number in range(CHANGES)]
        for each in archives:
            shutil.copy(MODEL, each)
        broken = Path(directory) / "broken.tar.gz"
        broken.write_bytes(MODEL.read_bytes()[: MODEL.stat().st_size // 2])

        def change() -> tuple[list[tuple[float, float]], bool, bool, str]:
            spans, served = [], True
            try:
                for archive in archives:
                    time.sleep(before)
                    begin = time.monotonic()
                    served &= use(server, archive)[0]
                    spans.append((begin, time.monotonic()))
                    time.sleep(AFTER_SECONDS)
                refused, said = use(server, broken)
                return spans, served, not refused, said
            finally:
                over.set()

        changing = pool.submit(change)
        load = bench_load.at_rate(server.url, talks, "change", rate=rate, seconds=MOST_SECONDS, over=over)
        spans, served, refused, said = changing.result()
    others, meanwhile = [], []
    for turn in load.turns:
        if turn.at < spans[-1][1] + AFTER_SECONDS:  # the refusal is no change
            changes = any(begin <= turn.at < end + AFTER_SECONDS for begin, end in spans)
            (meanwhile if changes else others).append(turn)
    return Change(
        float(np.mean([end - begin for begin, end in spans])), served, refused, said, _p99(others), _p99(meanwhile),
        len(load.turns), sum(turn.failed for turn in load.turns),
    )  # fmt: skip


def use(server: ServerProcess, archive: Path) -> tuple[bool, str]:
    """Have the server take this archive; whether it serves it now, and the command's sentence about it."""
    command = [sys.executable, "-m", server.MODULE, "model", "use", str(archive)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment(), capture_output=True, text=True)
    lines = (done.stdout + done.stderr).strip().splitlines()
    said = lines[-1].replace(str(archive), archive.name) if lines else ""
    return done.returncode == 0, said.removeprefix("skycap: ")


def _p99(turns: Sequence[Turn]) -> float:
    seconds = [turn.seconds for turn in turns if not turn.failed]
    return float(np.percentile(seconds, 99)) if seconds else float("nan")
