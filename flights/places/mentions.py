"""Scans a sentence for names of places: the longest first, never an ordinary word that only looks like a city.

Whether a name counts depends on where it stands: "free" names ("Chicago") count anywhere, "marked" ones ("nice",
"mobile") after a preposition of place or with a capital inside a lower-case sentence, "strict" ones (small
towns that are words too) after such a preposition and with a capital, "capitals" ones only as codes in
capitals, "never" ones not at all. `words.csv` holds the rules of words, "free" is the default of cities with traffic.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from flights.places.gazetteer import UNRANKED, Gazetteer, gazetteer
from flights.places.lookup import LANDS, Match, area_match, common, match_of, named, parse_areas, similar, within
from flights.places.sentence import Sentence
from flights.places.words import around

MAX_WORDS = 5
_LEAST, _LEAST_BESIDE = 90, 78
FREE, MARKED, STRICT, CAPITALS, NEVER = "free", "marked", "strict", "capitals", "never"
_AIRLINE = {"airlines", "airline", "airways", "air", "airlink", "express"}
_GAP = re.compile(r"[ \t]*(?:[-–/.][ \t]*)?$|[ \t\n]+$")
_AREA_GAP = re.compile(r"[ \t]*[,(]?[ \t]*$")
_STOP_AFTER = re.compile(r"[ \t]*(?:$|[.,;:!?)\n])")


@dataclass(frozen=True)
class Mention:
    """A place named in a sentence: `text[start:end]` is its `text`, `match` what it can mean."""

    start: int
    end: int
    text: str
    match: Match


def scan(text: str, *, language: str | None = None) -> tuple[Mention, ...]:
    """Finds the places named in a sentence, in order, without overlap; `language` where it is known."""
    g = gazetteer()
    sentence = Sentence.of(text, is_code=lambda key: key.upper() in g.order, language=language)
    words = sentence.words
    found: list[Mention] = []
    i = 0
    while i < len(words):
        hit = _mention_at(g, sentence, i, found[-1].end if found else 0)
        if hit is None:
            i += 1
            continue
        stop, match = hit
        span = words[i].start, words[stop - 1].end
        if text[span[1] - 1] == "." and _ends_sentence(text, span[1]):
            span = span[0], span[1] - 1 if "." not in words[stop - 1].text[:-1] else span[1]
        _append(g, text, found, Mention(*span, text[span[0] : span[1]], match))
        i = stop
    return tuple(found)


def _ends_sentence(text: str, end: int) -> bool:
    return not text[end:].strip()


def _append(g: Gazetteer, text: str, found: list[Mention], mention: Mention) -> None:
    """Adds a mention; joins it to the one before when both name one place: "Berlin (BER)", "London Heathrow"."""
    if found and _join_gap().fullmatch(text[found[-1].end : mention.start]):
        last = found[-1]
        gap = text[last.end : mention.start]
        narrow = common(g, last.match, mention.match)
        new = last.match.places != mention.match.places or last.text.casefold() != mention.text.casefold() or "(" in gap
        if narrow and new and not _alternatives(last, mention):
            end = mention.end + (text[mention.end : mention.end + 1] == ")" and "(" in gap)
            found[-1] = Mention(last.start, end, text[last.start : end], match_of((narrow,)))
            return
    found.append(mention)


@lru_cache(maxsize=1)
def _join_gap() -> re.Pattern[str]:
    """Between two names of one place: "Berlin airport (BER)"."""
    airport = "|".join(around().airport)
    return re.compile(rf"[ \t]*[-–,/(]?[ \t]*(?:(?:{airport})[ \t]*)?[(]?$", re.IGNORECASE)


def _alternatives(first: Mention, second: Mention) -> bool:
    """True for two airports of one city in a row ("LHR/LGW"): a list, not one name."""
    a, b = first.match.places[0], second.match.places[0]
    return len(a.airports) == len(b.airports) == 1 and a.code != b.code


def _mention_at(g: Gazetteer, s: Sentence, i: int, last_end: int) -> tuple[int, Match] | None:
    """The longest name that starts at word i: (index behind its last word, match)."""
    longest = min(g.longest.get(s.keys[i], 1), MAX_WORDS, len(s.keys) - i)
    while longest > 1 and not all(_GAP.fullmatch(s.gap(j)) for j in range(i, i + longest - 1)):
        longest -= 1
    for n in range(longest, 0, -1):
        name = " ".join(s.keys[i : i + n])
        codes = named(name)
        if not codes and s.words[i + n - 1].text.endswith(("'s", "’s")):
            name = name[:-1]
            codes = named(name)
        if codes and _allowed(g, s, i, n, name, codes, last_end):
            extended = _with_area(s, i + n, name)
            return extended or (i + n, match_of(codes, alias=name in g.aliases))
        if not codes and (dropped := _with_area(s, i + n, name)):
            return dropped
        if n == 1 and (code := _code_at(g, s, i, last_end)):
            if (s.keys[i], 2) in _well_known() and (near := _misspelt(g, s, i)):
                return near
            return i + 1, match_of((code,))
        if name in g.areas and not codes and _area_allowed(g, s, i, name) and (match := area_match(g.areas[name])):
            return i + n, match
    return _misspelt(g, s, i)


def _with_area(s: Sentence, start: int, name: str) -> tuple[int, Match] | None:
    """Takes in the region or country behind a name: "Phoenix, AZ", "portland oregon", "Toronto, Canada"."""
    if start >= len(s.keys) or not _AREA_GAP.fullmatch(s.gap(start - 1)):
        return None
    best = None
    for n in range(1, min(4, len(s.keys) - start) + 1):
        if n > 1 and not _AREA_GAP.fullmatch(s.gap(start + n - 2)):
            break
        areas = parse_areas(s.keys[start : start + n])
        if areas and (n > 1 or _area_word(s, start)) and (codes := within(named(name, whole=True), areas)):
            best = start + n, match_of(codes)
    return best


def _area_word(s: Sentence, i: int) -> bool:
    """True when a word can be a region here: "or" is Oregon in capitals, behind a comma, or at the end."""
    word = s.words[i]
    if word.key not in around().region_words or (word.text.isupper() and not s.shouting):
        return True
    last = bool(_STOP_AFTER.match(s.text, word.end))
    return last or ("," in s.gap(i - 1) and word.key not in around().going_on)


def _allowed(g: Gazetteer, s: Sentence, i: int, n: int, name: str, codes: Sequence[str], last_end: int) -> bool:
    rule = _rule(name)
    if rule == NEVER or s.person(i) or _of_airline(s, i, n):
        return False
    capitals = len(name) <= 3 and s.words[i].text.isupper() and not s.shouting
    if rule == CAPITALS:
        return capitals
    if rule == FREE:
        return True
    if capitals and rule == MARKED:
        return True
    known = around()
    short = len(name) <= 3
    preposition = s.follows(i, known.short_directions) if short else s.preposition(i, known.before_place, last_end)
    whole = n == len(s.words)
    if rule == STRICT:
        return preposition and s.capital(i)
    ranked = g.places[codes[0]].rank < UNRANKED
    return preposition or (ranked and (s.capital(i) or (whole and s.words[i].text[0].isupper())))


def _of_airline(s: Sentence, i: int, n: int) -> bool:
    """True for "Singapore Airlines", "Air Malta" and the flight number "KL 1009"."""
    after = s.keys[i + n] if i + n < len(s.keys) else ""
    return after in _AIRLINE or s.follows(i, {"air"}) or (after.isdigit() and len(s.words[i].text) == 2 and n == 1)


@lru_cache(maxsize=4_096)
def _rule(name: str) -> str:
    """How a name must stand to count, see the module."""
    g = gazetteer()
    codes = named(name)
    rank = min((g.places[code].rank for code in codes), default=UNRANKED)
    if rule := g.words.get(name):
        return rule
    if rank == UNRANKED and name not in g.city_keys:
        return NEVER
    if len(name) <= 3:
        return MARKED
    return FREE if rank < UNRANKED else MARKED


def _code_at(g: Gazetteer, s: Sentence, i: int, last_end: int) -> str:
    """The IATA code that word i is, or empty: by case, importance and the word before."""
    word = s.words[i]
    code = word.text.upper()
    if len(word.text) != 3 or not (code in g.order or code in g.places) or code in LANDS or s.person(i):
        return ""
    rule = g.words.get(word.key, FREE)
    upper = word.text.isupper() and not s.shouting
    another = i > 0 and s.words[i - 1].end == last_end and len(s.words[i - 1].text) == 3
    after = another or s.follows(i, around().short_directions)
    if code not in g.order:
        return code if upper and after else ""
    if upper:
        return code if rule != NEVER or (after and code.lower() not in around().dates) else ""
    if rule == FREE:
        return code if g.places[code].rank <= 3 else code if after and g.places[code].rank <= 4 else ""
    hyphened = another and not s.gap(i - 1).strip("-–/")  # "iah-den", while "den" is a word of German
    return code if (rule == MARKED and after) or (rule == CAPITALS and hyphened) else ""


def _area_allowed(g: Gazetteer, s: Sentence, i: int, name: str) -> bool:
    """A country or state counts alone only as the end of a journey: "to Spain", not "a German citizen"."""
    if name in g.area_codes or not s.preposition(i, around().to_from):
        return False
    if g.words.get(name) == STRICT:  # "nach Island" is Iceland, "to the island" is none
        return not s.follows(i, around().articles)
    return name != "us" or s.keys[i - 1] == "the" or s.words[i].text.isupper()


def _misspelt(g: Gazetteer, s: Sentence, i: int) -> tuple[int, Match] | None:
    """A misspelt city: five letters or more beside "to" or "from", longer words only very near to a well-known name."""
    beside = s.preposition(i, around().clearly_near)
    for n in (2, 1):
        if i + n > len(s.keys) or (n == 2 and s.gap(i).strip("- ")) or s.person(i):
            continue
        if n == 2 and (s.keys[i + 1] in around().before_place or s.keys[i + 1] in around().joins):
            continue
        near = beside or s.keys[i + n : i + n + 1] == ["to"]
        key, score = _nearest_key(" ".join(s.keys[i : i + n]), _LEAST_BESIDE if near else _LEAST)
        if key:
            match = match_of(named(key), alias=key in g.aliases)
            return i + n, Match(match.places, match.ambiguous, False, score)
    return None


@lru_cache(maxsize=1)
def _well_known() -> dict[tuple[str, int], list[str]]:
    """Names of cities with real traffic: of one word by ("", 1), of two by (first word, 2) and by (second word, -2)."""
    g = gazetteer()
    found: dict[tuple[str, int], list[str]] = {}
    for key in {*g.city_keys, *g.aliases} - g.local_names:
        codes = named(key)
        words = key.split()
        if codes and len(words) <= 2 and len(key) >= 5 and g.places[codes[0]].rank <= 4 and _rule(key) == FREE:
            buckets = [("", 1)] if len(words) == 1 else [(words[0], 2), (words[1], -2)]
            for bucket in buckets:
                found.setdefault(bucket, []).append(key)
    return found


@lru_cache(maxsize=4_096)
def _nearest_key(name: str, least: int) -> tuple[str, int]:
    """The well-known name nearest to a misspelt one and its score, at least `least`; ("", 0) when there is none."""
    g = gazetteer()
    first, _, second = name.partition(" ")
    beside = least < _LEAST
    if len(name) < (5 if beside else 6) or not name.isascii() or any(c.isdigit() for c in name) or named(name):
        return "", 0
    if first in around().before_place or (second or name) in g.words:
        return "", 0
    if second and (named(second) or len(second) < (4 if len(first) < 5 else 3)):
        choices = []
    elif second:
        choices = _well_known().get((first, 2), [])
    else:
        choices = _well_known().get(("", 1), [])
    if second and not choices and beside and first not in g.words and not named(first):
        choices = [key for key in _well_known().get((second, -2), []) if _alike(first, key.split()[0]) >= 0.65]
    elif second:
        choices = [key for key in choices if _alike(second, key.split()[1]) >= 0.65]
    key, similarity = max(similar(name, choices, limit=3), key=lambda hit: hit[1], default=("", 0.0))
    return (key, round(100 * similarity)) if 100 * similarity >= least else ("", 0)


def _alike(a: str, b: str) -> float:
    return OSA.normalized_similarity(a, b)
