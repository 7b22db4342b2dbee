"""What `make same-answers` calls a difference, and how it goes on where it was and reports."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from benchmarks.engines import differences, greatest_gap
from benchmarks.same_answers import SEED, Result, fingerprint, main, report, summary

TURN = {
    "replies": [{"text": "Where to?"}],
    "slots": {"origin": "BER"},
    "events": [{"name": "inform", "confidence": 0.9}],
}
DIFFERENT = Result(3, "walk", 4, 0.5, 0, 2, "to Rome", ['events[3].name: "a" instead of "b"'])


def test_what_is_equal_but_for_a_thousandth_of_a_confidence_is_the_same() -> None:
    other = {**TURN, "events": [{"name": "inform", "confidence": 0.9009}]}
    assert list(differences(TURN, other)) == []
    assert greatest_gap(TURN, other) == pytest.approx(0.0009)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"events": [{"name": "inform", "confidence": 0.902}]}, "events[0].confidence"),
        ({"events": [{"name": "affirm", "confidence": 0.9}]}, "events[0].name"),
        ({"events": []}, "events"),
        ({"replies": [{"text": "Where to?", "buttons": []}]}, "replies[0]"),
        ({"slots": {"origin": None}}, "slots.origin"),
    ],
)
def test_anything_else_is_a_difference_with_its_place(change: dict, place: str) -> None:
    (found,) = differences({**TURN, **change}, TURN)
    assert found.place == place


def test_the_report_says_how_to_repeat_each_kind() -> None:
    same = Result(1, "talk", 5, 1e-7)
    shown = report([same, DIFFERENT, Result(**{**asdict(DIFFERENT), "number": 9})], SEED)
    assert shown.splitlines()[0].split() == ["2", "events[…].name"]
    assert f"--seed {SEED} --only 9" in shown
    numbers = summary([same, DIFFERENT], SEED)
    assert "There are no differences." not in report([Result(1, "talk", 5, 0.0, broken=2)], SEED)
    assert (numbers["conversations"], numbers["turns"], numbers["different"], numbers["greatest_gap"]) == (
        2,
        9,
        1,
        1e-7,
    )


def test_what_was_held_before_is_not_held_again(tmp_path, capsys) -> None:
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"never opened, as nothing is left to do")
    arguments = ["--model", str(model), "--kept", str(tmp_path / "kept"), "-n", "2"]
    assert main([*arguments, "-n", "0"]) == 1  # nothing held is no success
    folder = tmp_path / "kept" / fingerprint(SEED, model)
    folder.mkdir(parents=True)
    held = [Result(0, "talk", 5, 1e-7), Result(1, "walk", 6, 1e-7)]
    (folder / "0-1.jsonl").write_text("".join(json.dumps(asdict(each)) + "\n" for each in held))
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["turns"] == 11
