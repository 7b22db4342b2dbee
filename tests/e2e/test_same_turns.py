"""Whole turns of the quick engine against Rasa's own: the same replies, slots, actions and events, confidences alike.

The same comparison as `make same-answers` (benchmarks/same_answers.py), on a few conversations of each kind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import engines
from benchmarks.engines import TOLERANCE, differences, greatest_gap, perform
from benchmarks.same_talks import Conversations
from skycap.settings import ROOT

MODEL = ROOT / "models" / "skycap.tar.gz"
pytestmark = pytest.mark.filterwarnings("ignore")  # what TensorFlow and Rasa say about themselves
CONVERSATIONS = Conversations(20261122, Path("nowhere"))  # people's own sentences are for `make same-answers`
NUMBERS = range(40)


@pytest.fixture(scope="module")
def ours():
    stage = engines.ours(MODEL)
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def stock():
    stage = engines.stock(MODEL)
    yield stage
    stage.close()


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{CONVERSATIONS.kind(number)}-{number}")
def test_turns_are_the_same(ours, stock, number):
    held = CONVERSATIONS.hold(number, ours)
    theirs = perform(stock, held.steps, held.today, held.booked)
    said = [step.text for step in held.steps if step.kind != "wait"]
    for text, a, b in zip(said, held.turns, theirs, strict=True):
        assert [str(each) for each in differences(a, b)] == [], f"after {text!r}"
    assert greatest_gap(held.turns, theirs) <= TOLERANCE
    assert not any(map(engines.apologises, held.turns))


def test_what_differs_is_noticed(ours, stock):
    """The comparison itself: another sentence is another turn."""
    held = CONVERSATIONS.hold(0, ours)
    steps = [*held.steps[:-1], engines.Step("say", "no, to Lisbon please")]
    *same, last = zip(held.turns, perform(stock, steps, held.today), strict=True)
    assert not any(list(differences(a, b)) for a, b in same)
    assert list(differences(*last))
