"""How well personal data is found in labelled sets, each written before the rules were run on it.

Run as a program it prints the numbers of each set: `python -m tests.unit.skycap.test_privacy_set`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from skycap.privacy import find

DIRECTORY = Path(__file__).parent / "pii"
JOURNEYS = [DIRECTORY / name for name in ("journeys.jsonl", "travel.jsonl")]  # exceptions only
LANGUAGES = [DIRECTORY / name for name in ("german.jsonl", "spanish.jsonl")]
SETS = [DIRECTORY / name for name in ("sentences.jsonl", "second.jsonl", "third.jsonl")]


@dataclass
class Score:
    """Counts by kind. A value is found when one finding of its own kind covers all of it."""

    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)  # all of it masked, whatever it was taken for
    reported: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)  # reports that touch a value of their kind
    sentences: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)  # sentences without personal data in which some was found

    def recall(self, *kinds: str) -> float:
        kinds = kinds or tuple(self.labelled)
        return sum(self.found[kind] for kind in kinds) / sum(self.labelled[kind] for kind in kinds)

    def precision(self, *kinds: str) -> float:
        kinds = kinds or tuple(self.reported)
        return sum(self.right[kind] for kind in kinds) / max(1, sum(self.reported[kind] for kind in kinds))


def measure(sentences: Path) -> Score:
    score = Score()
    for line in sentences.read_text(encoding="utf-8").splitlines():
        sentence = json.loads(line)
        findings, spans = find(sentence["text"]), sentence["spans"]
        score.sentences[sentence["group"]] += 1
        score.changed[sentence["group"]] += bool(findings) and not spans
        for span in spans:
            kind, places = span["kind"], set(range(span["start"], span["end"]))
            masked = {place for each in findings for place in range(each.start, each.end)}
            score.labelled[kind] += 1
            score.covered[kind] += places <= masked
            score.found[kind] += any(
                each.kind == kind and each.start <= span["start"] and span["end"] <= each.end for each in findings
            )
        for each in findings:
            score.reported[each.kind] += 1
            score.right[each.kind] += any(
                span["kind"] == each.kind and each.start < span["end"] and span["start"] < each.end for span in spans
            )
    return score


@pytest.fixture(scope="module", params=SETS, ids=lambda path: path.stem)
def score(request: pytest.FixtureRequest) -> Score:
    return measure(request.param)


def test_the_set_is_large_enough_to_say_something(score: Score) -> None:
    assert score.sentences["personal"] >= 300 and score.sentences["exception"] >= 200
    assert score.sentences["clean"] + score.sentences["exception"] >= 320
    assert min(score.labelled["CARD"], score.labelled["EMAIL"], score.labelled["PHONE"]) >= 40


@pytest.mark.parametrize("kind", ["CARD", "EMAIL"])
def test_cards_and_addresses_are_found(score: Score, kind: str) -> None:
    assert score.recall(kind) >= 0.98


def test_personal_data_of_every_kind_is_found(score: Score) -> None:
    assert score.recall() >= 0.95


def test_what_is_found_is_personal_data_of_that_kind(score: Score) -> None:
    assert score.precision() >= 0.95


def test_a_clean_sentence_is_hardly_ever_changed(score: Score) -> None:
    assert score.changed["clean"] / score.sentences["clean"] <= 1 / 300


def test_what_a_journey_is_made_of_is_never_masked(score: Score) -> None:
    assert score.changed["exception"] == 0


@pytest.mark.parametrize("sentences", JOURNEYS, ids=lambda path: path.stem)
def test_no_journey_is_masked(sentences: Path) -> None:
    score = measure(sentences)
    assert score.sentences["exception"] >= 200
    assert score.changed["exception"] == 0


@pytest.mark.parametrize("sentences", LANGUAGES, ids=lambda path: path.stem)
def test_german_and_spanish_are_found_like_english(sentences: Path) -> None:
    score = measure(sentences)
    assert sum(score.labelled.values()) >= 40 and score.sentences["exception"] >= 40
    assert score.recall() >= 0.95 and score.precision() >= 0.95
    assert score.changed["exception"] == 0


def print_numbers(sentences: Path) -> None:
    score = measure(sentences)
    print(sentences.stem)
    for kind in sorted(score.labelled):
        print(
            f"{kind:14} recall {score.found[kind]:3}/{score.labelled[kind]:3} = {score.recall(kind):.3f}"
            f"  covered {score.covered[kind]:3}  precision {score.right[kind]:3}/{score.reported[kind]:3}"
            f" = {score.precision(kind):.3f}"
        )
    covered = sum(score.covered.values()) / sum(score.labelled.values())
    print(f"{'all':14} recall {score.recall():.3f}  covered {covered:.3f}  precision {score.precision():.3f}")
    print(f"changed: {score.changed['clean']} of {score.sentences['clean']} clean, "
          f"{score.changed['exception']} of {score.sentences['exception']} exceptions")  # fmt: skip


if __name__ == "__main__":
    for each in (*SETS, *LANGUAGES):
        print_numbers(each)
    for each in JOURNEYS:
        changed, sentences = measure(each).changed["exception"], measure(each).sentences["exception"]
        print(f"{each.stem}\nchanged: {changed} of {sentences} exceptions")
