"""What a sentence, its context and its meaning look like as data.

First step of reading; imports nothing but the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Span:
    """A stretch of text that names something: `kind` as the entity is called, `value` in its canonical form."""

    start: int
    end: int
    text: str
    kind: str
    value: Any = None
    role: str | None = None

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Problem:
    """Something said that cannot be taken as it is. `kind` names the reply utter_<kind>, `details` fill it."""

    kind: str
    slot: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "slot": self.slot, **self.details}


@dataclass(frozen=True)
class Shown:
    """A flight on the traveller's screen, as far as words can point at it. Prices in minor units, times local HH:MM."""

    id: str
    carrier: str
    departs: str
    arrives: str
    price_cents: int
    duration_minutes: int
    stops: int


@dataclass(frozen=True)
class Context:
    """Everything but the sentence that its meaning depends on.

    `known` holds the slots so far, `asked` the slot whose question was put last, `spans` what the NLU model marked,
    `shown` the flights on the screen in their order.
    """

    today: date
    known: Mapping[str, Any] = field(default_factory=dict)
    asked: str | None = None
    intent: str | None = None
    confidence: float = 1.0
    spans: Sequence[Span] = ()
    shown: Sequence[Shown] = ()
    language: str = "en"


@dataclass
class Reading:
    """What the sentence says: new slot values, what could not be taken, and slots whose value it said again."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    def problem(self, kind: str, slot: str | None = None, **details: Any) -> None:
        self.problems.append(Problem(kind, slot, details))
