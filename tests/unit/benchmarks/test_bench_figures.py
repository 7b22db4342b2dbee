"""The arithmetic of `make bench`, its talks, and what it measures of `ingest`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pytest

from benchmarks.bench_figures import Figure, Watch, growth, percentile, proportional_megabytes, settle, throughput
from benchmarks.bench_ingest import TWELVE_WORDS, ingest_microseconds
from benchmarks.bench_load import Load, Turn
from benchmarks.bench_report import Side, worker_megabytes, worker_memory_ratio
from benchmarks.bench_tables import store_table
from benchmarks.bench_talks import Writer, repeated, words


def turn(seconds: float = 0.1, text: str = "hi", said: str | None = "hello", at: float = 0.0) -> Turn:
    return Turn(text, ({"recipient_id": "a", "text": said},) if said else (), seconds, at)


def used_seconds(pid: int) -> float:
    ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def test_throughput_counts_answers_a_second_and_leaves_out_failures() -> None:
    turns = [turn(at=100 + number * 0.1) for number in range(80)]
    failed = [turn(said=None, at=100 + number * 0.1) for number in range(80)]
    figure = throughput(Load((*turns, *failed), 100.0, 108.0))
    assert figure.value == pytest.approx(10.0, abs=0.2)
    assert figure.low <= figure.value <= figure.high


def test_growth_compares_late_turns_with_early_ones() -> None:
    steady = [turn(0.1) for _ in range(60)]
    growing = [turn(0.1 if number < 30 else 0.3) for number in range(60)]
    assert growth([steady]).value == pytest.approx(1.0)
    assert growth([growing]).value == pytest.approx(3.0)
    assert growth([steady, growing, growing]).low == pytest.approx(1.0)
    assert growth([steady[:50]]) is None


def test_percentiles_have_a_spread_and_nothing_has_none() -> None:
    figure = percentile([turn(number / 100) for number in range(101)], 95)
    assert figure.value == pytest.approx(0.95)
    assert 0.85 < figure.low < 0.95 < figure.high < 1.0
    assert percentile([turn(said=None)], 50) is None


def test_the_spread_of_a_ratio_is_the_widest() -> None:
    assert Figure(2, 1, 4).over(Figure(10, 8, 20)) == Figure(0.2, 0.05, 0.5)


def test_memory_is_that_of_the_process() -> None:
    assert proportional_megabytes({"here": os.getpid()})["here"] > 10
    assert proportional_megabytes({}) == {}


def test_memory_without_files_holds_what_the_process_made(tmp_path) -> None:
    here = {"here": os.getpid()}
    before, before_all = (proportional_megabytes(here, files=files)["here"] for files in (False, True))
    file = tmp_path / "file"
    file.write_bytes(b"x" * 60_000_000)
    with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as mapped:
        assert mapped[:].count(b"x") == 60_000_000  # touches each page, and lets the copy go
        mapped_only, mapped_all = (proportional_megabytes(here, files=files)["here"] for files in (False, True))
        held = b"y" * 60_000_000
        assert proportional_megabytes(here, files=False)["here"] - mapped_only > 55
        assert len(held) == 60_000_000
    assert mapped_only - before < 10
    assert mapped_all - before_all > 50


def test_memory_holds_the_processes_below() -> None:
    held = "held = b'x' * 60_000_000; print('ready', flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        assert proportional_megabytes({"it": process.pid})["it"] > 55
        process.communicate(b"\n")


def test_a_further_worker_takes_what_two_take_more_than_one() -> None:
    sides = {
        "ours redis": Side(workers=3, megabytes={"skycap serve": 800.0}),
        "ours redis 1": Side(workers=1, megabytes={"skycap serve": 600.0}),
        "stock redis": Side(workers=1, megabytes={"rasa run": 900.0, "rasa run actions": 100.0}),
        "stock redis 2": Side(workers=2, megabytes={"rasa run": 1400.0, "rasa run actions": 100.0}),
        "stock sqlite": Side(workers=1, megabytes={"rasa run": 5000.0}),
    }
    assert worker_megabytes(sides, "ours") == pytest.approx(100)
    assert worker_memory_ratio(sides) == pytest.approx(0.2)
    assert worker_memory_ratio({name: each for name, each in sides.items() if name != "ours redis 1"}) is None


def test_others_are_watched_and_one_s_own_processes_are_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        try:
            everyone, without = Watch({}), Watch({"other": other.pid})
            began = time.monotonic()
            while used_seconds(other.pid) < 0.5:  # however busy the machine is
                time.sleep(0.1)
            assert (everyone.cores() - without.cores()) * (time.monotonic() - began) > 0.3
        finally:
            other.kill()


def test_settling_waits_while_a_process_works_and_no_longer() -> None:
    works = "import time; end = time.process_time() + 1.0\nwhile time.process_time() < end: pass\ninput()"
    with subprocess.Popen([sys.executable, "-c", works], stdin=subprocess.PIPE) as process:
        settle({"it": process.pid}, most_seconds=60)
        assert used_seconds(process.pid) > 0.9
        process.communicate(b"\n")


def test_a_table_without_measurements_has_dashes() -> None:
    rows = store_table(None, None).splitlines()
    assert all(row.count("–") >= 3 for row in rows[2:-3])


def test_at_most_half_of_the_messages_were_said_before() -> None:
    writer = Writer()
    messages = [text for _ in range(4000) for text in writer.talk().messages]
    assert 0.3 < repeated(messages) < 0.5
    assert repeated(["a", "b", "a", "a"]) == 0.5


def test_what_is_never_said_before_is_new_in_every_order_of_its_words() -> None:
    writer = Writer()
    before = {words(text) for _ in range(500) for text in writer.talk().messages}
    unseen = [words(text) for _ in range(1500) for text in writer.unseen().messages]
    assert len(set(unseen)) == len(unseen)
    assert not before.intersection(unseen)


def test_talks_are_repeatable_and_of_every_kind() -> None:
    first, second = ([writer.talk() for _ in range(50)] for writer in (Writer(), Writer()))
    assert first == second
    assert {each.kind for each in first} == {"booking", "faq", "small talk"}
    assert all("{" not in text for each in first for text in each.messages)


def test_ingest_is_measured_on_twelve_words() -> None:
    assert [len(each.split()) for each in TWELVE_WORDS] == [12] * len(TWELVE_WORDS)
    taken = ingest_microseconds(short_calls=40, long_calls=4)
    assert 0 < taken["12 words"] < taken["2,000 characters"]
