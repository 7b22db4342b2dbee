"""The benchmark itself, on the real servers: stock Rasa and ours start, answer alike, and are measured."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.bench import main
from benchmarks.bench_report import KEYS, RATIOS

REDIS = os.environ.get("SKYCAP_TEST_REDIS_URL")  # of an empty database
ANSWERED = "turns answered, not answered"


def test_a_quick_run_measures_both_sides_and_finds_the_same_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stores = ["--stores", "sqlite", "redis", "--redis", REDIS] if REDIS else ["--stores", "sqlite"]
    assert main(["--quick", *stores, "--pictures", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    last = json.loads(lines[-1])
    assert tuple(last)[: len(KEYS)] == KEYS
    # Whose turn took how long is luck in so short a run; what must be there is not.
    for suffix in ("", "_redis") if REDIS else ("",):
        assert all(last[f"{name}{suffix}"] > 0 for name in RATIOS)
    assert last["ingest_us"] > 0
    assert (last["worker_memory_ratio"] is None) is (not REDIS)
    assert all(each.read_text() == "" for each in tmp_path.glob("differences-*.txt"))
    for line in lines:
        if ANSWERED in line:
            assert line.count(", 0 |") == 2
