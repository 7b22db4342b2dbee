"""The text under examination: plain digits and signs, with what was found blanked out for those who come later.

Positions of findings are those of the text as it came. Every detector takes a `Scan` and reports through `take`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

BLANK = "\0"  # no pattern matches it, so nothing is found twice
DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")


@dataclass(frozen=True, order=True)
class Found:
    """Personal data at text[start:end]; `kind` names the token that replaces it."""

    start: int
    end: int
    kind: str


class Scan:
    """One text and what was found in it so far."""

    def __init__(self, text: str) -> None:
        self.text, self._places = fold(text)
        self.found: list[Found] = []

    def take(self, start: int, end: int, kind: str) -> None:
        """Report personal data at [start, end) of the folded text."""
        if BLANK in self.text[start:end] or start >= end:
            return
        if self._places is None:
            self.found.append(Found(start, end, kind))
        else:
            self.found.append(Found(self._places[start], self._places[end - 1] + 1, kind))
        self.set_aside(start, end)

    def set_aside(self, start: int, end: int) -> None:
        """Let nobody find anything at [start, end)."""
        self.text = f"{self.text[:start]}{BLANK * (end - start)}{self.text[end:]}"


def fold(text: str) -> tuple[str, list[int] | None]:
    """The text with any digits and signs as ASCII and invisible characters left out, and where each character was.

    The places are None when nothing moved. NFKC alone would leave Arabic-Indic and Devanagari digits as they are.
    """
    if text.isascii():
        return text, None
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = character if character.isascii() else _fold_one(character)
        characters.append(folded)
        places.extend([place] * len(folded))
    return "".join(characters), places


def lowered(text: str) -> str:
    """The text in lower case, as long as it was. Many words are found in it in half the time of `re.IGNORECASE`."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(each.lower()[:1] for each in text)


def _fold_one(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in DASHES:
        return "-"
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", character)
