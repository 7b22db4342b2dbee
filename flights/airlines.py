"""Airlines of the world: by IATA code, and found in sentences ("on delta", "with BA", "ryan air", "Lufthanza").

Reads `flights/data/airlines.csv` on the first call. Understanding fills the slot `airline` with `find_airlines`;
offers and replies ask `airline` for the name.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from flights.places.gazetteer import rows
from flights.places.text import Token, spellings, tokens
from flights.places.words import WordSet, around

_MAX_WORDS = 5
_TYPO_SCORE = 0.83
# Codes that are also words, regions or abbreviations: they count only in the company of flying.
_WORD_CODES = {"AD", "AH", "AI", "AK", "AM", "AR", "AS", "AT", "AZ", "BY", "CA", "CI", "CM", "DE", "ET"}
_WORD_CODES |= {"GA", "HA", "HU", "IA", "IR", "IT", "LA", "LO", "MD", "ME", "MM", "MS", "MU", "NO", "OK"}
_WORD_CODES |= {"OM", "OS", "OZ", "PC", "PG", "PK", "PR", "PS", "RO", "SA", "SG", "SK", "SU", "TN", "TO"}
_WORD_CODES |= {"TR", "TU", "UP", "UT", "UU", "UX", "VA", "VS", "KL"}
_NO_TYPO = {"indian", "emiratos", "untied", "europa", "viable", "aviation", "avian", "alliance", "norwich"}
_NO_TYPO |= {"airline", "airlines", "aerolinea", "ariana", "asians", "asigna", "astana", "banter", "bieter"}
_NO_TYPO |= {"binder", "bitter", "bunter", "cantas", "cuantas", "dueling", "evadir", "fueling", "galindo"}
_NO_TYPO |= {"hinter", "iberian", "iberica", "liberia", "mantas", "pinter", "polaris", "quintas", "sandia"}
_NO_TYPO |= {"santas", "saudis", "saudita", "siberia", "solaris", "tantas", "transact", "transit", "unites"}
_NO_TYPO |= {"voltea", "winter", "malindi"}
_GAP = re.compile(r"[ \t]*[-.]?[ \t]*$")


@dataclass(frozen=True)
class Airline:
    """One airline: IATA code, name, ISO country code, and its alliance if it has one."""

    code: str
    name: str
    country: str
    alliance: str | None


class UnknownAirline(LookupError):
    """No airline has that code; the message proposes near names."""

    def __init__(self, code: str) -> None:
        near = process.extract(code, [a.name for a in _airlines().values()], limit=2)
        hint = " or ".join(f"{name} ({_codes()[min(spellings(name))]})" for name, _, _ in near)
        super().__init__(f'No airline has the code "{code}". Did you mean {hint}?')


@lru_cache(maxsize=1)
def _airlines() -> dict[str, Airline]:
    return {
        row["code"]: Airline(row["code"], row["name"], row["country"], row["alliance"] or None)
        for row in rows("airlines.csv")
    }


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Folded name or alias -> IATA code."""
    return {
        key: row["code"]
        for row in rows("airlines.csv")
        for name in [row["name"], *row["aliases"].split(";"), *row["words"].split(";")]
        for key in spellings(name)
    }


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Names that are also nationalities or ordinary words: they count only in the company of flying."""
    return frozenset(key for row in rows("airlines.csv") for name in row["words"].split(";") for key in spellings(name))


@lru_cache(maxsize=1)
def _typo_names() -> tuple[list[str], list[str]]:
    """Names long enough to be misspelt: of one word, and of two that end in "airlines", "airways" or "air"."""
    single = [key for key in _codes() if " " not in key and len(key) >= 6 and key not in _words()]
    double = [key for key in _codes() if key.count(" ") == 1 and key.split()[1].startswith("air")]
    return single, double


def airline(code: str) -> Airline:
    """The airline of an IATA code, in either case; raises `UnknownAirline`."""
    try:
        return _airlines()[code.strip().upper()]
    except KeyError:
        raise UnknownAirline(code) from None


def airlines() -> tuple[Airline, ...]:
    """Every known airline."""
    return tuple(_airlines().values())


def find_airlines(text: str) -> tuple[tuple[int, int, str], ...]:
    """Finds the airlines named in a sentence: (start, end, IATA code), in order, without overlap."""
    words = tokens(text)
    shouting = text.upper() == text and any(len(word.text) > 3 and word.text.isalpha() for word in words)
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(words):
        after_airline = bool(found) and _continues(words, i, found[-1][1])
        stop, code = _airline_at(text, words, i, after_airline=after_airline, shouting=shouting)
        if code:
            found.append((words[i].start, words[stop - 1].end, code))
        i = max(stop, i + 1)
    return tuple(found)


@lru_cache(maxsize=1)
def _joins() -> WordSet:
    return around().joins | around().joins_airlines


def _continues(words: list[Token], i: int, end: int) -> bool:
    """True when word i goes on a list of airlines: "Delta or American", "BA, Iberia"."""
    return words[i - 1].end == end or (i > 1 and words[i - 1].key in _joins() and words[i - 2].end == end)


def _airline_at(text: str, words: list[Token], i: int, *, after_airline: bool, shouting: bool) -> tuple[int, str]:
    """The longest airline name at word i: (index behind it, code), or (i, "")."""
    longest = 1
    while longest < min(_MAX_WORDS, len(words) - i):
        gap = text[words[i + longest - 1].end : words[i + longest].start]
        if not _GAP.fullmatch(gap):
            break
        longest += 1
    keys = [word.key for word in words[i : i + longest]]
    for n in range(longest, 0, -1):
        name = " ".join(keys[:n])
        if words[i + n - 1].text.endswith(("'s", "’s")) and name not in _codes():
            name = name[:-1]
        if code := _codes().get(name):
            counts = _counts(words, i, n, name) or (after_airline and words[i].key not in _joins())
            return (i + n, code) if counts else (i, "")
    word = words[i]
    numbered = i + 1 < len(words) and words[i + 1].key.isdigit()  # "LH 400" is a flight, not a wish
    if len(word.text) == 2 and word.text.isupper() and not shouting and not numbered and word.text in _airlines():
        before = words[i - 1].key if i and words[i - 1].key not in ("no", "via") else ""
        known = word.text not in _WORD_CODES or after_airline or before in around().before_airline
        return (i + 1, word.text) if known else (i, "")
    for n in (2, 1):
        if n <= longest and (code := _misspelt(" ".join(keys[:n]))):
            return i + n, code
    return i, ""


def _counts(words: list[Token], i: int, n: int, name: str) -> bool:
    """True when a name means the airline here: "american flights", not "an American citizen", "United States"."""
    before = words[i - 1].key if i else ""
    after = words[i + n].key if i + n < len(words) else ""
    if n > 1:
        return True
    if after in around().after_no_airline or before in ("arab", "southern"):
        return False
    if name == "ana" and not words[i].text.isupper():  # a person
        return False
    if name == "southwest" and before in ("the", "in"):
        return after in around().after_airline
    if name not in _words():
        return True
    if after in around().after_airline or len(words) == 1:
        return True
    before2 = words[i - 2].key if i > 1 else ""
    if before in ("im", "am") or (before == "not" and before2 in around().being):
        return False
    if any(word.key in around().airline for word in words):
        return True
    if not i and after in ("to", "from"):
        return True
    known = around().before_airline | around().before_airline_name
    return before in known and after not in ("passengers", "passenger")


@lru_cache(maxsize=4_096)
def _misspelt(name: str) -> str:
    """The code of the airline a misspelt name of six letters or more stands for, or empty."""
    single, double = _typo_names()
    choices, least = (double, 0.85) if " " in name else (single, _TYPO_SCORE)
    first, _, second = name.partition(" ")
    if len(name) < 6 or name in _NO_TYPO or (second and not second.startswith(("air", "ari", "arl"))):
        return ""
    if second and first in _codes():
        return ""
    hit = process.extractOne(name, choices, scorer=OSA.normalized_similarity, score_cutoff=least)
    if hit is None or (second and OSA.normalized_similarity(first, hit[0].split()[0]) < 0.75):
        return ""
    return _codes()[hit[0]]
