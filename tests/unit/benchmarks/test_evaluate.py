"""The evaluation's arithmetic, on programs that stand for the real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.evaluate import evaluate, main, measure

SIMULATE = """
print(json.dumps({"slot_accuracy": 0.9, "booked": 0.8, "repairs": 0.1, "errors": 0, "messages": 9.5, "more": 1}))
"""
ACTS = """
errors = pathlib.Path(value("--errors"))
count = 6 if "clinc" in sys.argv[1] else 4
intents = ["nlu_fallback", "thank"] if count == 6 else ["out_of_scope"]
errors.write_text("\\n".join(json.dumps({"text": "", "label": "", "intent": each}) for each in intents))
print("a line before")
print(json.dumps({"sentences": count, "accuracy": 0.5, **({"out_of_scope_refused": 0.7} if value("--oos") else {})}))
"""
START = """
import json, pathlib, sys
def value(name):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None
assert value("--url") == "http://server"
"""


@pytest.mark.parametrize("missing", ["simulate.py", "acts.py", "clinc_dev.jsonl"])
def test_without_the_programs_only_our_own_sentences_are_measured(
    tmp_path: Path, held_out: Path, make_server, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    for name in ("simulate.py", "acts.py", "sgd_flights_dev.jsonl", "clinc_dev.jsonl", "oos_dev.txt"):
        if name != missing:
            (tmp_path / name).touch()
    arguments = [str(tmp_path), "--held-out", str(held_out), "--pictures", str(tmp_path / "pictures")]
    assert main(arguments, make_server=make_server) == 0
    shown = capsys.readouterr().out
    assert f"has no {missing}" in shown
    assert set(json.loads(shown.splitlines()[-1])) == {
        "held_out_accuracy_before_fallback",
        "held_out_calibration_error",
    }
    assert (tmp_path / "pictures" / "reliability.png").is_file()


def test_the_programs_and_the_calibration_make_one_report(tmp_path: Path, held_out: Path, make_server) -> None:
    start = START.replace('value("--url") == "http://server"', 'value("--url")')
    (tmp_path / "simulate.py").write_text(start + SIMULATE)
    (tmp_path / "acts.py").write_text(start + ACTS)
    (tmp_path / "sgd_flights_dev.jsonl").touch()
    (tmp_path / "oos_dev.txt").touch()
    line = {"text": "hello hello", "intents": ["thank", "greet"], "label": "x"}
    (tmp_path / "clinc_dev.jsonl").write_text(json.dumps(line))
    model = tmp_path / "model.tar.gz"
    report = measure(
        tmp_path,
        conversations=5,
        sentences=4,
        held_out_directory=held_out,
        picture=tmp_path / "reliability.png",
        model=model,
        make_server=make_server,
    )
    assert (report["booked"], report["in_scope_refused"]) == (0.8, 0.2)
    assert (report["held_out_accuracy_before_fallback"], report["clinc_accuracy_before_fallback"]) == (0.6, 1.0)
    assert report["clinc_calibration_error"] == pytest.approx(0.1)
    assert make_server.asked == [{"today": "2019-03-01", "enable_api": "1", "model": str(model)}]


def test_the_last_line_joins_what_the_programs_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "simulate.py").write_text(START + SIMULATE)
    (tmp_path / "acts.py").write_text(START + ACTS)
    report = evaluate(tmp_path, "http://server", tmp_path, 5, 4)
    assert report.pop("seconds") >= 0
    assert report == {
        "slot_accuracy": 0.9,
        "booked": 0.8,
        "repairs": 0.1,
        "errors": 0,
        "messages": 9.5,
        "acts_accuracy": 0.5,
        "clinc_accuracy": 0.5,
        "out_of_scope_refused": 0.7,
        "in_scope_refused": 0.2,  # two refusals among ten sentences
    }
    shown = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in shown] == [
        "simulate.py sgd_flights_dev.jsonl",
        "acts.py sgd_flights_dev.jsonl",
        "acts.py clinc_dev.jsonl",
    ]
    assert json.loads(shown[0].split(": ", 1)[1])["more"] == 1
