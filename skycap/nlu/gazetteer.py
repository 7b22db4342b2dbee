"""What flights/ knows by name (places, airlines) and by pattern (references, flight numbers), for the NLU model.

Three steps of the pipeline share one scan of the text. GazetteerFeaturizer, before DIET, tells it which words are
names, so that it learns "from PLACE to PLACE" and not "from Berlin to Rome"; NamesCRFEntityExtractor
(skycap/nlu/fields.py) does the same for spans and roles. GazetteerExtractor, last, writes the entities that are certain
and gives those that the model found their canonical value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from flights.airlines import find_airlines
from flights.airports import scan
from flights.reading.proof import ALPHABET
from flights.reading.words import pattern, words
from skycap.kept import Kept, fingerprint
from skycap.settings import ROOT
from skycap.stored import Stored, origin

_known: Kept[tuple[bytes, str], tuple[dict[str, Any], ...]] = Kept(256)  # steps ask in turn
_stored = Stored("names.db", 50_000)
KINDS = ("city", "airport", "airline", "flight_number", "booking_reference")
FLIGHT_NUMBER = re.compile(r"\b([A-Z][A-Z0-9]|[0-9][A-Z])[ -]?(\d{2,4})\b")
# Six letters and digits, at least one of each (or consonants right after "reference" and the like).
REFERENCE = re.compile(r"\b[A-HJ-NP-Z2-9]{6}\b")


def known_names(text: str, language: str) -> tuple[dict[str, Any], ...]:
    """Entities of `text` that are certain: start, end, kind and canonical value, in order, not overlapping."""
    return _known.get((fingerprint(text), language), lambda: _names(text, language))


def remember_names(texts: Iterable[str], language: str) -> None:
    """Have at hand what is known of sentences of the training data, as far as the last training found it."""
    by = origin(tuple(map(str, sorted(each for each in _sources() if each.is_file()))), ()) + language.encode()
    keys = {text: by + fingerprint(text) for text in texts}
    stored = _stored.load(keys.values())
    names = {text: json.loads(stored[key]) if key in stored else _names(text, language) for text, key in keys.items()}
    _stored.save({key: json.dumps(names[text]).encode() for text, key in keys.items()})
    _known.make_room(len(names))  # while it trains, all sentences of a language
    for text, found in names.items():
        _known.get((fingerprint(text), language), lambda found=found: tuple(found))


def _sources() -> Iterator[Path]:
    """All that names are known from."""
    yield Path(__file__)
    yield from (ROOT / "languages").rglob("*.yml")
    yield from (each for each in (ROOT / "flights").rglob("*") if each.suffix not in (".pyc", ""))


def _names(text: str, language: str) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = []

    def add(start: int, end: int, kind: str, value: str) -> None:
        if not any(start < each["end"] and each["start"] < end for each in found):
            found.append({"start": start, "end": end, "entity": kind, "value": value})

    named = pattern(words(language).reference_is)
    for hit in REFERENCE.finditer(text):
        code = hit.group()
        if not (code.isalpha() or code.isdigit()) or (set(code) <= {*ALPHABET} and named.search(text[: hit.start()])):
            add(hit.start(), hit.end(), "booking_reference", code)
    for hit in FLIGHT_NUMBER.finditer(text):
        add(hit.start(), hit.end(), "flight_number", f"{hit.group(1)}{hit.group(2)}")
    for start, end, code in find_airlines(text):
        add(start, end, "airline", code)
    for mention in scan(text):
        kind = (
            "airport"
            if re.fullmatch(r"[A-Za-z]{3}", mention.text)
            and mention.match.exact
            and mention.text.upper() == mention.match.places[0].code
            else "city"
        )
        add(mention.start, mention.end, kind, mention.match.places[0].code)
    return tuple(sorted(found, key=lambda each: each["start"]))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class GazetteerFeaturizer(SparseFeaturizer, GraphComponent):
    """Marks every token that is part of a known name: one column per kind. Option `language`: a code, default `en`."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._language = config["language"]

    @staticmethod
    def required_components() -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**SparseFeaturizer.get_default_config(), "language": "en"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GazetteerFeaturizer:
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        pass

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        remember_names([each.get(TEXT) for each in training_data.training_examples if each.get(TEXT)], self._language)
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            tokens = message.get(TOKENS_NAMES[TEXT])
            if not tokens:
                continue
            matrix = np.zeros((len(tokens), len(KINDS)), dtype=np.float32)
            for each in known_names(message.get(TEXT), self._language):
                column = KINDS.index(each["entity"])
                for row, token in enumerate(tokens):
                    if token.start < each["end"] and each["start"] < token.end:
                        matrix[row, column] = 1.0
            sequence = scipy.sparse.coo_matrix(matrix)
            sentence = scipy.sparse.coo_matrix(matrix.max(axis=0, keepdims=True))
            self.add_features_to_message(sequence, sentence, TEXT, message)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GazetteerExtractor(GraphComponent, EntityExtractorMixin):
    """Writes entities that are certain; keeps the role that the model gave, and its spans where no name is known.

    Option `language`: a code, default `en`.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"language": "en"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GazetteerExtractor:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            guessed = list(message.get(ENTITIES, []))
            certain = []
            for name in known_names(message.get(TEXT) or "", self._config["language"]):
                same = [each for each in guessed if each["start"] < name["end"] and name["start"] < each["end"]]
                role = next(
                    (each["role"] for each in same if each.get("role") and each["entity"] in ("city", "airport")), None
                )
                entity = {**name, "confidence_entity": 1.0, "extractor": type(self).__name__}
                if role and name["entity"] in ("city", "airport"):
                    entity["role"] = role
                certain.append(entity)
            kept = [
                each
                for each in guessed
                if not any(each["start"] < name["end"] and name["start"] < each["end"] for name in certain)
            ]
            message.set(ENTITIES, sorted([*kept, *certain], key=lambda each: each["start"]), add_to_output=True)
        return messages
