"""spaCy's tokenizer and lemma tables without a downloaded model.

First step of the pipeline: reads the text of a message, writes its tokens. Rasa's SpacyNLP insists on a packaged model;
none of Explosion's is on the package index, and Skycap needs only tokens and lemmas (ADR 0004).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from spacy.util import load_language_data, registry


@lru_cache(maxsize=8)
def blank_language(code: str) -> spacy.Language:
    """spaCy's rules for one language, built once per process."""
    return spacy.blank(code)


@lru_cache(maxsize=8)
def lemmas(code: str) -> dict[str, str | list[str]]:
    """spaCy's lemma table for one language: by word its lemma, in French several, likeliest first.

    Empty where there is none, and words stay as they are written.

    As spaCy's lookup lemmatizer reads it, whose own kind of table takes seconds to fill.
    """
    tables = registry.lookups.get(code) if code in registry.lookups else {}
    return load_language_data(tables["lemma_lookup"]) if "lemma_lookup" in tables else {}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BlankSpacyTokenizer(Tokenizer):
    """Tokens and lemmas by spaCy's rules. Option `language`: an ISO 639-1 code, default `en`."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._language, self._lemmas = blank_language(config["language"]), lemmas(config["language"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "language": "en",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BlankSpacyTokenizer:
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        # Case is folded for NLU only: the message keeps its text.
        text = message.get(attribute).lower()
        if len(text) != len(message.get(attribute)):  # a few letters change their length: offsets must not move
            text = message.get(attribute)
        tokens = [
            Token(each.text, each.idx, lemma=self._lemma(each.text))
            for each in self._language(text)
            if not each.is_space
        ]
        return self._apply_token_pattern(tokens)

    def _lemma(self, word: str) -> str:
        found = self._lemmas.get(word) or word
        return found if isinstance(found, str) else found[0]
