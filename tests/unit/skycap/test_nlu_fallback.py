"""Sentences that speak for themselves when the intent model is unsure: details of a trip, a booking reference."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from skycap.nlu.fallback import DetailsFallbackClassifier

RANKING = [
    {"name": "out_of_scope", "confidence": 0.4},
    {"name": "cancel_booking", "confidence": 0.3},
    {"name": "retrieve_booking", "confidence": 0.2},
    {"name": "inform", "confidence": 0.1},
]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("get rid of QCBKQF, booking QCBKQF I mean", "cancel_booking"),
        ("drop reservation K7QX2M, Smith", "cancel_booking"),
        ("tomorrow, from Oslo", "inform"),
        ("the meaning of life", "nlu_fallback"),
    ],
)
def test_what_a_sentence_names_decides_when_the_model_cannot(text, intent) -> None:
    classifier = DetailsFallbackClassifier({**DetailsFallbackClassifier.get_default_config(), "threshold": 0.65})
    message = Message({"text": text, "intent": RANKING[0], "intent_ranking": list(RANKING)})
    assert classifier.process([message])[0].get("intent")["name"] == intent


@pytest.mark.parametrize(
    ("text", "intent"), [("one person", "inform"), ("a person, please", "handoff"), ("give me a human now", "handoff")]
)
def test_a_number_of_people_is_no_wish_for_a_person(text, intent) -> None:
    classifier = DetailsFallbackClassifier({**DetailsFallbackClassifier.get_default_config(), "threshold": 0.65})
    ranking = [{"name": "handoff", "confidence": 0.8}, {"name": "inform", "confidence": 0.1}]
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking})
    assert classifier.process([message])[0].get("intent")["name"] == intent
