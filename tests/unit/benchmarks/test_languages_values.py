"""Whether the values of all languages are measured by the same sentences, and what a wrong one costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.languages_values import Read, accuracy, languages, main, readings, sentences

SENTENCES = """
- intent: search_flights
  sentences:
  - {text: "from Vienna to Milan tomorrow", origin: VIE, destination: MIL, departure_date: "2027-03-11"}
  - {text: "to Rome tomorrow", destination: ROM, departure_date: "2027-03-12"}
"""


def test_every_language_says_the_same() -> None:
    said = {code: sentences(code) for code in languages()}
    values = {code: [(each.values, each.context.asked) for each in of_code] for code, of_code in said.items()}
    assert len(values["en"]) >= 120
    assert all(each == values["en"] for each in values.values())
    assert len({each.text for each in said["de"]} & {each.text for each in said["en"]}) <= 3


def test_every_language_is_within_three_points_of_english() -> None:
    shares = {code: accuracy(list(readings(sentences(code))))["all"] for code in languages()}
    assert min(shares.values()) >= shares["en"] - 0.03, shares


def test_a_wrong_value_and_one_too_many_are_failures(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text(SENTENCES)
    found = list(readings(sentences("en", tmp_path)))
    assert accuracy(found) == {
        "origin": 1.0, "destination": 1.0, "departure_date": 0.5, "return_date": 0.0, "all": 0.8,
    }  # fmt: skip
    assert accuracy([Read("to Rome", "origin", None, "ROM")])["origin"] == 0.0


def test_the_last_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["en"])
    assert capsys.readouterr().out.splitlines()[-1].startswith('{"en": {"origin": ')
