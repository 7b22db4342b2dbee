"""The parts of a trip are read in every order, by the words alone."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, read
from tests.conversations.orders import SENTENCES

TODAY = date(2026, 11, 20)
OTHER = {"origin": "OSL", "destination": "MAD"}
EVERY = pytest.mark.parametrize(("sentence", "slots"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])


def told(text: str, **context) -> dict:
    reading = read(text, Context(today=TODAY, intent="inform", **context))
    assert reading.problems == []
    return reading.values


@EVERY
def test_as_the_first_message(sentence: str, slots: dict) -> None:
    assert told(f"I need a flight {sentence}") == slots


@EVERY
@pytest.mark.parametrize("asked", ["destination", "origin"])
def test_as_the_answer_to_a_question(sentence: str, slots: dict, asked: str) -> None:
    assert told(sentence, asked=asked) == slots


@EVERY
@pytest.mark.parametrize("asked", ["departure_date", "passengers"])
def test_as_the_answer_to_another_question(sentence: str, slots: dict, asked: str) -> None:
    assert told(sentence, asked=asked, known=OTHER) == slots
