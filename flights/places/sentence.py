"""A sentence as words in context: prepositions, capitals and names of persons around them, in every language.

`mentions` asks it whether a word stands where a traveller names a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flights.places.text import Token, tokens
from flights.places.words import WordSet, around, only_here


@dataclass(frozen=True)
class Sentence:
    """A text in words, with what stands around each of them."""

    text: str
    words: list[Token]
    keys: list[str]
    shouting: bool
    prepositions: WordSet  # words that are prepositions in the language of this sentence only

    @classmethod
    def of(cls, text: str, *, is_code: Callable[[str], bool], language: str | None = None) -> Sentence:
        """Splits a text; all capitals say nothing in a shouted sentence, unless its words are nothing but codes."""
        found = tokens(text)
        keys = [word.key for word in found]
        letters = [word.text for word in found if word.text.isalpha() and len(word.text) > 1]
        longer = [word.key for word in found if len(word.text) > 1]  # "MAD a EZE" is no shout
        shouting = len(letters) > 1 and all(word.isupper() for word in letters) and not all(map(is_code, longer))
        return cls(text, found, keys, shouting, only_here(keys, language))

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.text[self.words[i].end : self.words[i + 1].start]

    def capital(self, i: int) -> bool:
        """True for a capital inside a sentence of lower-case words."""
        if i == 0 or self.shouting or not self.words[i].text[0].isupper():
            return False
        before = self.words[i - 1].text
        return before[0].islower() and not re.search(r"[.!?]", self.gap(i - 1))

    def preposition(self, i: int, kinds: WordSet, end_of_last: int = 0) -> bool:
        """True when a preposition stands before word i, or "or"/"and" right behind the mention before."""
        j = i - 1
        while j > 0 and self.keys[j] in around().articles:
            j -= 1
        if j < 0:
            return False
        if self.keys[j] in kinds or self.keys[j] in self.prepositions:
            return True
        if j and f"{self.keys[j - 1]} {self.keys[j]}" in kinds:  # "out of"
            return True
        return bool(end_of_last) and j > 0 and self.keys[j] in around().joins and self.words[j - 1].end == end_of_last

    def follows(self, i: int, kinds: WordSet) -> bool:
        """True when the word before word i is one of these."""
        return i > 0 and self.keys[i - 1] in kinds

    def person(self, i: int) -> bool:
        """True when word i is part of the name of a person: "my name is Austin", "Mrs Florence"."""
        before, known = self.keys[max(0, i - 3) : i], around()
        if before and (before[-1] in known.persons or " ".join(before[-2:]) in known.persons):
            return True
        return any(word in known.name_words for word in before) and not known.before_place.intersection(before)
