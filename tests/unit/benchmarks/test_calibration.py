"""Confidence against accuracy of a served model: what is printed, drawn and returned."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.calibration import calibrate
from benchmarks.held_out import ours
from benchmarks.understanding import parse_server

PNG = b"\x89PNG"


def test_the_diagram_and_the_numbers_of_a_model_that_knows_two_words(
    tmp_path: Path, held_out: Path, keyword_model, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "pictures" / "reliability.png"
    with parse_server(keyword_model) as url:
        report = calibrate(url, {"held_out": ours(held_out)}, picture)
    assert report == {
        "held_out_accuracy_before_fallback": 0.6,
        "held_out_calibration_error": pytest.approx((3 * 0.1 + 2 * 0.5) / 5),
    }
    assert picture.read_bytes().startswith(PNG)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0][:3] == ["held_out:", "5", "sentences,"]
    assert lines[2] == ["0.5–0.6", "2", "0.500", "0.000", "-0.500"]
    assert lines[3] == ["0.9–1.0", "3", "0.900", "1.000", "+0.100"]


def test_what_was_said_is_not_printed(tmp_path: Path, held_out: Path, keyword_model, capsys) -> None:
    with parse_server(keyword_model) as url:
        calibrate(url, {"held_out": ours(held_out)}, tmp_path / "reliability.png")
    said = capsys.readouterr().out
    assert [each.text for each in ours(held_out) if each.text in said] == []
