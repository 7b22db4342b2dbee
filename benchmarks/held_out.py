"""Held-out sentences with the intents that are right for them: ours in tests/nlu, and those of evaluation files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skycap.settings import ROOT

DIRECTORY = ROOT / "tests" / "nlu" / "en"
REFUSED = frozenset({"nlu_fallback", "out_of_scope"})
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Sentence:
    """A sentence with the intents that are right for it, and its entities where they are annotated."""

    text: str
    intents: frozenset[str]
    entities: tuple[dict[str, Any], ...] = field(default=(), hash=False)

    @property
    def is_in_scope(self) -> bool:
        return not self.intents & REFUSED

    def is_answered_by(self, intent: str | None) -> bool:
        """Whether a conversation goes on rightly with this intent; any refusal is right for what is out of scope."""
        return intent in self.intents or (intent in REFUSED and not self.is_in_scope)


def ours(directory: Path = DIRECTORY) -> list[Sentence]:
    """The sentences of Rasa's NLU files in `directory`."""
    from rasa.shared.nlu.training_data.loading import load_data  # seconds

    return [
        Sentence(each.get("text"), frozenset({each.get("intent")}), tuple(each.get("entities") or ()))
        for each in load_data(str(directory)).intent_examples
        if each.get("text")
    ]


def of_lines(path: Path) -> list[Sentence]:
    """The sentences of an evaluation file: one JSON object a line, with `text` and `intents`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Sentence(row["text"], frozenset(row["intents"])) for row in rows]


def best_intent(parse: dict[str, Any]) -> tuple[str | None, float]:
    """The model's own best intent and its confidence, before a fallback put itself in front."""
    ranking = [each for each in parse.get("intent_ranking") or () if each["name"] != FALLBACK] or [parse["intent"]]
    best = max(ranking, key=lambda each: each["confidence"])
    return best["name"], best["confidence"]
