"""A change of the model under load: holds a steady load, has the server take another archive, then one that is broken.

The other archive is a copy of the model that is served, so every answer stays comparable; the server cannot know that.
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
BEFORE_SECONDS = 10.0
AFTER_SECONDS = 3.0  # what was under way when the new model came belongs to the change
MOST_SECONDS = 180.0


@dataclass(frozen=True)
class Change:
    """What travellers noticed of it: p99 in seconds, before and during; turns, and those without an answer."""

    seconds: float  # until the new model served
    served: bool
    refused: bool  # the broken archive
    refusal: str
    p99_before: float
    p99_during: float
    turns: int
    failed: int

    @property
    def p99_ratio(self) -> float:
        """How many times longer a turn took during the change."""
        return self.p99_during / self.p99_before

    def sentence(self) -> str:
        """All of it, for the results."""
        took = f"the new model served after {self.seconds:.1f} s" if self.served else "THE NEW MODEL DID NOT SERVE"
        broken = f"refused (*{self.refusal}*)" if self.refused else "NOT REFUSED"
        return (
            f"Model change at 40% load: {took}; of {self.turns} turns {self.failed} failed; p99 "
            f"{1000 * self.p99_before:.0f} ms before, {1000 * self.p99_during:.0f} ms during the change "
            f"({self.p99_ratio:.2f} times). A broken archive was {broken}."
        )


def measure(server: ServerProcess, talks: Iterator[Talk], *, rate: float, before: float = BEFORE_SECONDS) -> Change:
    """Change the model of a running server while callers send `rate` messages a second."""
    over = threading.Event()
    with tempfile.TemporaryDirectory(prefix="skycap-change-") as directory, ThreadPoolExecutor(1) as pool:
        archive, broken = (Path(directory) / name for name in ("next.tar.gz", "broken.tar.gz"))
        shutil.copy(MODEL, archive)
        broken.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

        def change() -> tuple[float, float, bool, bool, str]:
            try:
                time.sleep(before)
                begin = time.monotonic()
                served, _ = use(server, archive)
                end = time.monotonic()
                time.sleep(AFTER_SECONDS)
                refused, said = use(server, broken)
                return begin, end, served, not refused, said
            finally:
                over.set()

        changing = pool.submit(change)
        load = bench_load.at_rate(server.url, talks, "change", rate=rate, seconds=MOST_SECONDS, over=over)
        begin, end, served, refused, said = changing.result()
    earlier = [turn for turn in load.turns if turn.at < begin]
    meanwhile = [turn for turn in load.turns if begin <= turn.at < end + AFTER_SECONDS]
    return Change(
        end - begin, served, refused, said, _p99(earlier), _p99(meanwhile), len(load.turns),
        sum(turn.failed for turn in load.turns),
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
