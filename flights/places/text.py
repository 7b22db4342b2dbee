"""Turns text into comparable tokens: no accents, no case, no punctuation, "St." the same as "Saint".

First step of every lookup: `gazetteer` folds its names with it, `lookup` and `mentions` the traveller's words.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|(?:[^\W\d_]\.)+[^\W\d_]\b|[^\W_]+(?:['’`´][^\W_]+)*")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "œ": "oe"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_SAME = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "intl": "international"}


@dataclass(frozen=True)
class Token:
    """One word of a text: its span, the word as written and its folded key."""

    start: int
    end: int
    text: str
    key: str


@lru_cache(maxsize=4_096)
def fold_word(word: str) -> str:
    """Folds one word: "Tromsø" -> "tromso", "D.C." -> "dc", "St" -> "saint"."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    key = "".join(c for c in plain if c.isalnum())
    return _SAME.get(key, key)


def tokens(text: str) -> list[Token]:
    """Splits a text into words with their spans; initials such as "L.A." stay one word."""
    return [Token(m.start(), m.end(), m.group(), fold_word(m.group())) for m in _TOKEN.finditer(text)]


def fold(text: str) -> str:
    """Folds a text to plain words with one blank between: "São Tomé (Intl.)" -> "sao tome international"."""
    return " ".join(fold_word(word) for word in _TOKEN.findall(text))


def spellings(name: str) -> set[str]:
    """Folds a name in all the ways it is typed: "München" -> {"munchen", "muenchen"}."""
    found = {fold(name)}
    if re.search("[äöüøå]", name.lower()):
        found.add(fold(name.lower().translate(_UMLAUTS)))
    return found - {""}
