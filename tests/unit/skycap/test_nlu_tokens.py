"""spaCy's rules without a model: words and lemmas of several languages."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from skycap.nlu.tokens import BlankSpacyTokenizer


def tokens(text: str, language: str) -> list[tuple[str, str]]:
    tokenizer = BlankSpacyTokenizer({**BlankSpacyTokenizer.get_default_config(), "language": language})
    return [(each.text, each.lemma) for each in tokenizer.tokenize(Message({TEXT: text}), TEXT)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Two FLIGHTS, please", [("two", "two"), ("flights", "flight"), (",", ","), ("please", "please")]),
        ("de", "am nächsten Freitag", [("am", "am"), ("nächsten", "nächst"), ("freitag", "freitag")]),
        ("es", "¿buenos días?", [("¿", "¿"), ("buenos", "bueno"), ("días", "día"), ("?", "?")]),
    ],
)
def test_words_and_lemmas_in_lower_case(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert tokens(text, language) == expected


def test_a_language_without_a_table_of_lemmas_keeps_its_words() -> None:
    assert tokens("lot do Warszawy", "pl") == [("lot", "lot"), ("do", "do"), ("warszawy", "warszawy")]
