"""What is measured of a model, on one that knows two words, and the small server that the judging programs ask."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from benchmarks.held_out import ours
from benchmarks.understanding import parse_server, resident_bytes, understood


def test_every_figure_of_a_model_that_knows_two_words(held_out: Path, keyword_model) -> None:
    figures = understood(ours(held_out), keyword_model)
    assert figures.pop("milliseconds") >= 0
    assert figures == {
        "sentences": 5,
        "intent_accuracy": 0.8,  # hello twice, fly, and the song that was refused
        "best_intent_accuracy": 0.6,  # before the fallback the song is a greeting
        "calibration_error": pytest.approx((3 * 0.1 + 2 * 0.5) / 5),
        "entity_f1": pytest.approx(2 / 3, abs=1e-4),  # Oslo found, Rome not
        "entity_span_f1": pytest.approx(2 / 3, abs=1e-4),
        "own_out_of_scope_refused": 1.0,
        "own_in_scope_refused": 0.25,
    }


def test_no_sentence_is_timed_that_was_parsed_before(held_out: Path, keyword_model) -> None:
    said: list[str] = []

    def parse(text: str):
        said.append(text)
        return keyword_model(text)

    sentences = ours(held_out)
    understood(sentences, parse)
    assert len(said) == len(set(said))
    assert said[-len(sentences) :] == [each.text for each in sentences]


def test_the_server_answers_as_rasas_does(keyword_model) -> None:
    with parse_server(keyword_model) as url:
        request = urllib.request.Request(f"{url}/model/parse", json.dumps({"text": "fly to Oslo"}).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert json.loads(answer.read()) == keyword_model("fly to Oslo")


def test_a_process_of_python_takes_some_megabytes() -> None:
    assert 1_000_000 < resident_bytes() < 100_000_000_000
