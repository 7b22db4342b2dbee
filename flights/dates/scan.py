"""From a sentence to the date phrases in it, still without a calendar.

Place in the flow: `find.py` folds the text here, gets the longest non-overlapping phrases and resolves them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flights.dates.language import Compiled

MAX_CHARACTERS = 1000  # nobody says more about dates; keeps the worst case short
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|\s+|.", re.DOTALL)
_LOOKALIKES = str.maketrans("’‘´`–—−‐\u00a0", "''''---- ")


@dataclass(frozen=True)
class Folded:
    """Lower-case text with single spaces and mended typos; `offsets[i]` is where character i came from."""

    text: str
    offsets: tuple[int, ...]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Translate a span of the folded text to a span of the original."""
        return self.offsets[start], self.offsets[end]


@dataclass(frozen=True)
class Phrase:
    """One date phrase: its span in the folded text, its kind (a key of `resolve.RESOLVERS`) and its parts."""

    start: int
    end: int
    kind: str
    values: dict[str, object]


def fold(text: str, misspelt: Mapping[str, str]) -> Folded:
    """Fold case, spaces and known misspellings, remembering where every character came from."""
    pieces: list[str] = []
    offsets: list[int] = []
    source = text[:MAX_CHARACTERS].translate(_LOOKALIKES)
    for token in _TOKEN.finditer(source):
        word = token.group()
        if word.isspace():
            word = " "
        else:
            lower = word.lower()
            word = lower if len(lower) == len(word) else word
            word = misspelt.get(word, word)
        pieces.append(word)
        offsets += _offsets(word, token.start(), token.end())
    return Folded("".join(pieces), (*offsets, len(source)))


def _offsets(word: str, start: int, end: int) -> list[int]:
    """Where the characters of a folded word came from; one that was only split ("friday evening") keeps its places."""
    letters = word.replace(" ", "")
    if word == " " or len(letters) != end - start:
        return [*range(start, end)] if len(word) == end - start else [start] * len(word)
    return [start + index - word.count(" ", 0, index) for index in range(len(word))]


def phrases(text: str, tables: Compiled, *, asked: bool) -> list[Phrase]:
    """The date phrases of a folded text, in order: at every place the longest one, never overlapping."""
    rules = tables.rules + tables.asked_rules if asked else tables.rules
    found = []
    for kind, pattern in rules:
        for match in pattern.finditer(text):
            groups = {name: part for name, part in match.groupdict().items() if part is not None}
            start, end = match.span("span") if "span" in groups else match.span()
            values = {name: tables.value(name, part) for name, part in groups.items()}
            found.append(Phrase(start, end, kind, values))
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Phrase] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
