"""Accuracy against confidence: does a model that says 0.8 get four of five right? Part of `make eval`.

Asks a running server's /model/parse about held-out sentences; prints the intervals, draws a reliability diagram.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.held_out import Sentence, best_intent
from benchmarks.pictures import draw_reliability
from benchmarks.scores import Bin, Judgement, expected_calibration_error, reliability, share

CALLERS = 4


def calibrate(url: str, sources: Mapping[str, Sequence[Sentence]], picture: Path) -> dict[str, Any]:
    """Judge every source's sentences; prints and draws, returns accuracy and calibration error by source.

    Judged is the model's best intent before a fallback replaced it: the fallback is what acts on the confidence.
    """
    report: dict[str, Any] = {}
    diagram: dict[str, tuple[list[Bin], float]] = {}
    for name, sentences in sources.items():
        judgements = judge(url, sentences)
        bins = reliability(judgements)
        error = expected_calibration_error(bins)
        accuracy = share(each.right for each in judgements)
        print(f"{name}: {len(judgements)} sentences, accuracy {accuracy:.4f}, expected calibration error {error:.4f}")
        print("  confidence  sentences  mean confidence  accuracy    gap")
        for each in bins:
            interval = f"{each.low:.1f}–{each.high:.1f}"
            print(f"  {interval:>10}{each.count:>11}{each.confidence:>17.3f}{each.accuracy:>10.3f}{each.gap:>+7.3f}")
        diagram[name] = (bins, error)
        report |= {f"{name}_accuracy_before_fallback": round(accuracy, 4), f"{name}_calibration_error": round(error, 4)}
    draw_reliability(diagram, picture)
    print(f"The reliability diagram is {picture}.", flush=True)
    return report


def judge(url: str, sentences: Sequence[Sentence]) -> list[Judgement]:
    """What the server at `url` makes of each sentence."""

    def ask(sentence: Sentence) -> Judgement:
        body = json.dumps({"text": sentence.text}).encode()
        request = urllib.request.Request(f"{url}/model/parse", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            name, confidence = best_intent(json.loads(answer.read()))
        return Judgement(confidence, name in sentence.intents)

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(ask, sentences))
