"""How well languages are told on texts that nothing was tuned on: language_texts.yml.

Run as a program it prints the numbers and what went wrong: `python -m tests.unit.skycap.test_language_texts`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from skycap.languages import Conversation, decide, guess

TEXTS = yaml.safe_load(Path(__file__).with_name("language_texts.yml").read_text(encoding="utf-8"))
LEAST = {"sentences": 0.97, "short": 0.90, "ambiguous": 1.0, "switched": 0.85, "foreign": 0.90}


def told(row: dict[str, Any]) -> str | None:
    """The language that a text is taken for: by itself, or as the next one of its conversation."""
    said = guess(row["text"])
    if "home" not in row:
        return said.clear or said.foreign
    turn = decide(said, Conversation(row["home"], row["home"]))
    assert turn["home"] == row["home"] or said.wish, "one message in another language leaves the home as it is"
    return turn["spoken"] if turn["reply"] == turn["spoken"] else None


def is_right(kind: str, row: dict[str, Any]) -> bool:
    """Whether it is taken for what it is; of a language that we do not speak only that it is another counts."""
    if kind == "foreign":
        return guess(row["text"]).foreign is not None
    return told(row) == (row["home"] if row["language"] == "unsure" else row["language"])


def wrong(kind: str) -> list[str]:
    return [row["text"] for row in TEXTS[kind] if not is_right(kind, row)]


def test_there_is_enough_to_say_something() -> None:
    assert sum(map(len, TEXTS.values())) >= 330
    assert len(TEXTS["short"]) >= 100 and len(TEXTS["ambiguous"]) >= 40
    assert len(TEXTS["switched"]) >= 30 and len({row["language"] for row in TEXTS["foreign"]}) >= 10


@pytest.mark.parametrize("kind", TEXTS)
def test_languages_are_told(kind: str) -> None:
    failed = wrong(kind)
    assert 1 - len(failed) / len(TEXTS[kind]) >= LEAST[kind], failed


if __name__ == "__main__":
    for each, rows in TEXTS.items():
        failed = wrong(each)
        print(f"{each}: {1 - len(failed) / len(rows):.3f} of {len(rows)};", "wrong:", failed)
