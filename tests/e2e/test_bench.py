"""The benchmark itself, on the real servers: stock Rasa and ours start, answer alike, and are measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.bench import main
from benchmarks.bench_report import KEYS

ANSWERED = "turns answered, not answered"


def test_a_quick_run_measures_both_sides_and_finds_the_same_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--quick", "--pictures", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    last = json.loads(lines[-1])
    assert tuple(last) == KEYS
    # Whose turn took how long is luck in so short a run; what must be there is not.
    assert all(last[name] > 0 for name in ("throughput_ratio", "p50_ratio", "p99_ratio", "start_ratio", "ingest_us"))
    assert last["worker_memory_ratio"] is None
    assert (tmp_path / "differences.txt").read_text() == ""
    (answered,) = [line for line in lines if ANSWERED in line]
    assert answered.count(", 0 |") == 2
