"""A sentence as words in context: prepositions, capitals and names of persons around them, in English, German, Spanish.

`mentions` asks it whether a word stands where a traveller names a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flights.places.text import Token, tokens

SHORT = {"to", "from", "into", "via"}
TO_FROM = {"to", "from", "into", "via", "nach", "von", "desde", "hasta", "hacia"}
TO_FROM |= {"toward", "towards", "visit", "visiting"}
PLACE = TO_FROM | {
    "in",
    "near",
    "leaving",
    "arriving",
    "through",
    "ab",
    "uber",
    "bis",
    "for",
    "reach",
    "between",
    "aus",
}
AND = {"or", "and", "y", "o", "e", "und", "oder"}
_SPANISH = {"a", "de", "en", "por", "para", "entre"}
_SPANISH_SIGNS = {"el", "un", "una", "vuelo", "vuelos", "quiero", "desde", "hasta", "volar", "viajar", "ida", "ir"}
_SPANISH_SIGNS |= {"necesito", "busco", "billete", "billetes", "pasaje", "salir", "llegar"}
_ARTICLES = {"the", "downtown", "central", "greater", "nearby"}
_PERSON = {"mr", "mrs", "ms", "miss", "dr", "herr", "frau", "senor", "senora", "named", "called"}
_NAME = {"name", "nombre", "llamo", "heisse", "nachname", "apellido", "surname", "lastname"}


@dataclass(frozen=True)
class Sentence:
    """A text in words, with what stands around each of them."""

    text: str
    words: list[Token]
    keys: list[str]
    shouting: bool
    spanish: bool

    @classmethod
    def of(cls, text: str, *, is_code: Callable[[str], bool]) -> Sentence:
        """Splits a text; all capitals say nothing in a shouted sentence, unless its words are nothing but codes."""
        words = tokens(text)
        keys = [word.key for word in words]
        letters = [word.text for word in words if word.text.isalpha() and len(word.text) > 1]
        shouting = len(letters) > 1 and all(word.isupper() for word in letters) and not all(map(is_code, keys))
        return cls(text, words, keys, shouting, bool(_SPANISH_SIGNS.intersection(keys)))

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.text[self.words[i].end : self.words[i + 1].start]

    def capital(self, i: int) -> bool:
        """True for a capital inside a sentence of lower-case words."""
        if i == 0 or self.shouting or not self.words[i].text[0].isupper():
            return False
        before = self.words[i - 1].text
        return before[0].islower() and not re.search(r"[.!?]", self.gap(i - 1))

    def preposition(self, i: int, kinds: set[str], end_of_last: int = 0) -> bool:
        """True when a preposition stands before word i, or "or"/"and" right behind the mention before."""
        j = i - 1
        while j > 0 and self.keys[j] in _ARTICLES:
            j -= 1
        if j < 0:
            return False
        if self.keys[j] in kinds or (self.spanish and self.keys[j] in _SPANISH):
            return True
        if self.keys[j] == "of" and j and self.keys[j - 1] == "out":
            return True
        return bool(end_of_last) and j > 0 and self.keys[j] in AND and self.words[j - 1].end == end_of_last

    def follows(self, i: int, kinds: set[str]) -> bool:
        """True when the word before word i is one of these."""
        return i > 0 and self.keys[i - 1] in kinds

    def person(self, i: int) -> bool:
        """True when word i is part of the name of a person: "my name is Austin", "Mrs Florence"."""
        before = self.keys[max(0, i - 3) : i]
        if before and (before[-1] in _PERSON or before[-1] in ("im", "soy")):
            return True
        if before[-2:] in (["i", "am"], ["ich", "bin"]):
            return True
        return any(word in _NAME for word in before) and not set(before) & PLACE
