"""What is kept of an understood message holds none of its words, and is whole again for the next who says the same."""

from __future__ import annotations

import copy
import pickle
from types import SimpleNamespace
from warnings import catch_warnings, simplefilter

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.message import Message

from skycap.engine.processor import TEXTS, QuickProcessor, _with, _without
from skycap.kept import Kept

TEXT = "Anna Schmidt to Rom, please"
PARSED = {
    "text": TEXT,
    "intent": {"name": "inform", "confidence": 0.9},
    "entities": [
        {"entity": "name", "start": 0, "end": 12, "value": "Anna Schmidt", "extractor": "DIET"},
        {"entity": "city", "start": 16, "end": 19, "value": "ROM", "role": "destination"},
        {"entity": "name", "value": "Anna"},
    ],
    "text_tokens": [(0, 4), (5, 12)],
}


def test_no_word_of_the_message_is_kept():
    kept = pickle.dumps(_without(TEXT, {**PARSED, "entities": PARSED["entities"][:2]}))
    assert not [word for word in TEXT.replace(",", "").split() if len(word) > 2 and word.encode() in kept]


def test_nothing_is_lost():
    before = copy.deepcopy(PARSED)
    assert _with(TEXT, _without(TEXT, PARSED)) == PARSED == before


class Reader:
    """Stands for the graph: understands a text as the language it is told, and counts."""

    def __init__(self) -> None:
        self.read = 0

    def run(self, inputs: dict, targets: list[str]) -> dict:
        (message,) = inputs[PLACEHOLDER_MESSAGE]
        self.read += 1
        spoken = message.metadata["language"]["spoken"] if message.metadata else "en"
        understood = {"text": message.text, "intent": {"name": spoken}, "entities": [], "language": {"spoken": spoken}}
        return {targets[0]: [Message(understood, output_properties=set(understood))]}


def test_a_text_is_understood_once_in_each_language_and_says_what_is_told_of_this_turn():
    processor = object.__new__(QuickProcessor)
    processor.graph_runner, processor.model_metadata = Reader(), SimpleNamespace(nlu_target="last")
    processor._understood = Kept(TEXTS)

    def understood(text: str, spoken: str | None, **more: str) -> tuple[str, dict]:
        told = {"language": {"spoken": spoken, **more}} if spoken else None
        parsed = processor._parse_message_with_graph(UserMessage(text, metadata=told), None)
        return parsed["intent"]["name"], parsed["language"]

    assert understood("no", "de", home="de") == ("de", {"spoken": "de", "home": "de"})
    assert understood("no", "es", home="es") == ("es", {"spoken": "es", "home": "es"})
    assert understood("no", "de", home="en") == ("de", {"spoken": "de", "home": "en"})
    assert understood("no", None) == ("en", {"spoken": "en"})
    assert processor.graph_runner.read == 3


@pytest.mark.parametrize(
    ("intent", "entities", "warnings"),
    [("inform", ["city"], 0), ("inform", [], 0), (None, [], 0), ("dance", ["city"], 1), ("inform", ["shoe", "hat"], 2)],
)
def test_it_warns_of_what_the_domain_does_not_know_as_rasa_does(intent, entities, warnings):
    domain = Domain.from_dict({"intents": ["inform"], "entities": ["city"]})
    parsed = {"intent": {"name": intent}, "entities": [{"entity": each} for each in entities]}
    for kind in (QuickProcessor, MessageProcessor):
        processor = object.__new__(kind)
        processor.domain = domain
        with catch_warnings(record=True) as heard:
            simplefilter("always")
            processor._check_for_unseen_features(parsed)
        assert len([each for each in heard if "not defined in the domain" in str(each.message)]) == warnings
