"""The arithmetic of the measurements: entities found, confidence against accuracy, mean and spread. Pure functions."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What counts as one token of a sentence, whatever the pipeline's own tokenizer says, so that pipelines compare.
TOKEN = re.compile(r"\w+|[^\w\s]")
Entity = Mapping[str, Any]  # start, end, entity and perhaps role, as Rasa writes them


@dataclass(frozen=True)
class Judgement:
    """One sentence: how sure the model was of its best intent, and whether that was right."""

    confidence: float
    right: bool


@dataclass(frozen=True)
class Bin:
    """The judgements of one interval of confidence."""

    low: float
    high: float
    count: int
    confidence: float  # their mean
    accuracy: float

    @property
    def gap(self) -> float:
        """How far confidence and accuracy are apart; below 0 the model is too sure of itself."""
        return self.accuracy - self.confidence


def reliability(judgements: Iterable[Judgement], *, bins: int = 10) -> list[Bin]:
    """The judgements in equal intervals of confidence, those without any left out."""
    sorted_in: list[list[Judgement]] = [[] for _ in range(bins)]
    for each in judgements:
        sorted_in[min(int(each.confidence * bins), bins - 1)].append(each)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(inside),
            statistics.fmean(each.confidence for each in inside),
            statistics.fmean(each.right for each in inside),
        )
        for number, inside in enumerate(sorted_in)
        if inside
    ]


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance of accuracy from confidence, every sentence counted alike; 0 without any."""
    return sum(each.count * abs(each.gap) for each in bins) / max(1, sum(each.count for each in bins))


def share(values: Iterable[bool]) -> float:
    """How many of the values are true, between 0 and 1; 0 without any."""
    listed = list(values)
    return sum(listed) / max(1, len(listed))


def f1(right: int, found: int, wanted: int) -> float:
    """The harmonic mean of precision (right of those found) and recall (right of those wanted)."""
    return 2 * right / (found + wanted) if found + wanted else 0.0


def token_labels(text: str, entities: Iterable[Entity]) -> list[str | None]:
    """What each token of `text` is labelled: kind and role of the entity that covers most of it, or None."""
    known = list(entities)
    labels: list[str | None] = []
    for token in TOKEN.finditer(text):
        over = [(min(token.end(), each["end"]) - max(token.start(), each["start"]), each) for each in known]
        length, best = max(over, key=lambda pair: pair[0], default=(0, None))
        labels.append(_label(best) if best is not None and length > 0 else None)
    return labels


def entity_f1(sentences: Iterable[tuple[str, Sequence[Entity], Sequence[Entity]]]) -> tuple[float, float]:
    """Micro F1 of (text, wanted entities, found entities), each by kind and role: of tokens, and of whole spans.

    Tokens are counted as `rasa test nlu` counts them (tokens without an entity left out), except that all extractors
    together give one answer, as they do in a conversation. A span is right when start, end, kind and role are.
    """
    tokens: Counter[str] = Counter()
    spans: Counter[str] = Counter()
    for text, wanted, found in sentences:
        for want, got in zip(token_labels(text, wanted), token_labels(text, found), strict=True):
            tokens += Counter(wanted=int(want is not None), found=int(got is not None))
            tokens += Counter(right=int(want is not None and want == got))
        want_spans, got_spans = ({(e["start"], e["end"], _label(e)) for e in each} for each in (wanted, found))
        spans += Counter(wanted=len(want_spans), found=len(got_spans), right=len(want_spans & got_spans))
    return tuple(f1(each["right"], each["found"], each["wanted"]) for each in (tokens, spans))  # type: ignore[return-value]


def mean_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation; the deviation of a single value is 0."""
    return statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0


def _label(entity: Entity) -> str:
    return f"{entity['entity']}.{entity['role']}" if entity.get("role") else entity["entity"]
