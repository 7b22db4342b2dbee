"""Finds the places a name can mean: the text is known to name a place ("portland or", "Filadelphia", "Köln").

Order of trial: IATA code, curated alias, name, name + region or country, country alone, two names of one place
("paris cdg"), and last the nearest spelling.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from flights.places.gazetteer import UNRANKED, Area, Gazetteer, Place, gazetteer
from flights.places.text import fold, tokens
from flights.places.words import around

KNOWN_SCORE = 78
_SIZE_PENALTY = {1: 0, 2: 0, 3: 1, 4: 5, 5: 8, 6: 14}
_AMBIGUITY_PENALTY = 20
_SMALL = 5  # the rank from which on a town yields its name to a country or region
_SOUND_BONUS = 0.08
_WRONG_AREA_SCORE = 70.0
_SOUNDS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "w"), ("d", "t"), ("b", "p"))
LANDS = {"USA", "UAE"}  # codes of airports that are better known as countries
_CODE_IN_LABEL = re.compile(r"\(([A-Z]{3})\)\s*$")


@dataclass(frozen=True)
class Match:
    """What a name can mean.

    `places` is best first: one when the name is clear, the candidates when it is `ambiguous`, the nearest when it is
    not `exact`. `score` is 0 to 100; `area` names the country or region when the traveller named only that.
    """

    places: tuple[Place, ...]
    ambiguous: bool
    exact: bool
    score: int
    area: str = ""

    @property
    def known(self) -> bool:
        """True when the name was understood, exactly or with a small typo; False: ask "Did you mean ...?"."""
        return bool(self.places) and (self.exact or self.score >= KNOWN_SCORE)


def find(text: str) -> Match:
    """Finds what a text that names a place can mean; never raises, an unknown name gives its nearest candidates."""
    g = gazetteer()
    label = _CODE_IN_LABEL.search(text)
    if label and label.group(1) in g.places:
        return match_of((label.group(1),))
    words = tokens(text)
    if len(words) == 1 and (code := _code(g, words[0].text)):
        return match_of((code,))
    keys = [word.key for word in words]
    return _find(tuple(keys))


def _code(g: Gazetteer, text: str) -> str:
    """The IATA code a lone word is: any in capitals, in lower case one that is no name of its own."""
    code = text.upper()
    if len(text) != 3 or code not in g.places or code in LANDS:
        return ""
    key = text.lower()
    return code if text == code or not (key in g.aliases or key in g.names) else ""


@lru_cache(maxsize=4096)
def _find(keys: tuple[str, ...]) -> Match:
    for trial in _trims(keys):
        if found := exact_match(trial):
            return found
    return nearest_match(_trimmed(keys))


def _trims(keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words as they are, without leading "to the", then without trailing "airport" too."""
    yield keys
    while len(keys) > 1 and keys[0] in around().leading:
        keys = keys[1:]
        yield keys
    while len(keys) > 1 and keys[-1] in around().trailing:
        keys = keys[:-1]
        yield keys


def _trimmed(keys: tuple[str, ...]) -> tuple[str, ...]:
    return list(_trims(keys))[-1]


def exact_match(keys: Sequence[str]) -> Match | None:
    """The match of words that name a place in full, or None."""
    g = gazetteer()
    name = " ".join(keys)
    if codes := named(name):
        return match_of(codes, alias=name in g.aliases)
    for i in range(len(keys) - 1, 0, -1):
        areas = parse_areas(keys[i:])
        codes = named(" ".join(keys[:i]), whole=True) if areas else ()
        if codes := within(codes, areas):
            return match_of(codes)
    if areas := g.areas.get(name):
        return area_match(areas)
    for i in range(1, len(keys)):
        found = [_part(keys[:i]), _part(keys[i:])]
        if all(found) and (code := common(g, *found)):  # type: ignore[arg-type]
            return match_of((code,))
    return None


def named(name: str, *, whole: bool = False) -> tuple[str, ...]:
    """Codes of the places of that folded name: those of its alias alone, or all with `whole`."""
    g = gazetteer()
    alias = g.aliases.get(name, ())
    names = g.names.get(name, ())
    if whole:
        return tuple(dict.fromkeys((*alias, *names)))
    return alias or (() if _rather_an_area(g, name, names) else names)


def _rather_an_area(g: Gazetteer, name: str, codes: Sequence[str]) -> bool:
    """True for "Jordan" and "Inglaterra": countries and regions whose namesakes elsewhere are small towns."""
    areas = g.areas.get(name, ())
    small = all(g.places[code].rank >= _SMALL for code in codes)
    return bool(areas and small) and not within(codes, areas)


def _part(keys: Sequence[str]) -> Match | None:
    name = " ".join(keys)
    if codes := named(name):
        return match_of(codes, alias=name in gazetteer().aliases)
    code = name.upper()
    return match_of((code,)) if len(name) == 3 and code in gazetteer().order else None


def common(g: Gazetteer, a: Match, b: Match) -> str:
    """The narrower place when two names say the same: "paris cdg", "New York, JFK", "Berlin (BER)"; else empty."""
    for first, second in ((a, b), (b, a)):
        for wide in first.places:
            for narrow in second.places:
                if set(narrow.airports) <= set(wide.airports):
                    return narrow.code
    first, second = a.places[0], b.places[0]
    if g.same_city(first.code, second.code):
        return max((a.places[0], b.places[0]), key=lambda place: place.rank).code
    return ""


def parse_areas(keys: Sequence[str]) -> list[Area]:
    """Areas that one or two names in a row stand for ("oregon", "oregon usa"); empty when they are none."""
    g = gazetteer()
    name = " ".join(keys)
    if name in g.areas:
        return g.areas[name]
    for i in range(1, len(keys)):
        inner, outer = g.areas.get(" ".join(keys[:i])), g.areas.get(" ".join(keys[i:]))
        if inner and outer:
            lands = {area.country for area in outer}
            return [area for area in inner if area.country in lands]
    return []


def within(codes: Sequence[str], areas: Sequence[Area]) -> tuple[str, ...]:
    """Those of the places that lie in one of the areas."""
    g = gazetteer()
    return tuple(code for code in codes if any(g.lies_in(code, area) for area in areas))


def match_of(codes: Sequence[str], *, alias: bool = False, exact: bool = True, score: int = 100) -> Match:
    """Weighs places of one name: a much bigger one wins alone, two of like size are ambiguous."""
    g = gazetteer()
    best = g.places[codes[0]]
    rivals = [best]
    for place in (g.places[code] for code in codes[1:]):
        if not alias and place.rank > min(best.rank + 1, UNRANKED):
            break
        if not alias and place.rank == UNRANKED != best.rank:
            continue
        if not any(g.same_city(place.code, rival.code) for rival in rivals):
            rivals.append(place)
    return Match(tuple(rivals[:5]), len(rivals) > 1, exact, score)


def area_match(areas: Sequence[Area]) -> Match | None:
    """The main places of a country or region, the biggest area of that name; None when it has no known airport."""
    g = gazetteer()
    options = [(codes, area) for area in areas if (codes := g.of_area(area))]
    if not options:
        return None
    codes, area = min(options, key=lambda option: g.order[option[0][0]])
    return Match(tuple(g.places[code] for code in codes), len(codes) > 1, True, 100, area.name)


@lru_cache(maxsize=1)
def _spelling_choices() -> tuple[list[str], list[str]]:
    """Names a typo may stand for: of places with airline traffic, and of the others."""
    g = gazetteer()
    ranked, others = {key for key in g.aliases if len(key) > 4 and key not in g.local_names}, []
    for key, codes in g.names.items():
        if len(key) > 3 and key in g.city_keys:
            ranked.add(key) if codes[0] in g.order else others.append(key)
    return sorted(ranked), others


def nearest_match(keys: Sequence[str], *, limit: int = 3) -> Match:
    """The places spelt most like the words; the score falls with the distance, for small and for ambiguous places."""
    name = " ".join(keys)
    if len(name) < 3:
        return Match((), False, False, 0)
    found: list[tuple[float, Match]] = []
    for head, areas in _heads(keys):
        for key, similarity in (hit for choices in _spelling_choices() for hit in similar(head, choices, limit=8)):
            codes = named(key, whole=bool(areas))
            if areas:
                codes = within(codes, areas)
            if codes:
                match = match_of(codes, alias=key in gazetteer().aliases, exact=False)
                penalty = _SIZE_PENALTY[match.places[0].rank] + _AMBIGUITY_PENALTY * match.ambiguous
                found.append((max(0.0, 100 * similarity - penalty), match))
        if areas and (codes := named(head, whole=True)):
            found.append((_WRONG_AREA_SCORE, match_of(codes, exact=False)))
    if not found:
        return Match((), False, False, 0)
    found.sort(key=lambda item: -item[0])
    score, best = found[0]
    if score >= KNOWN_SCORE or best.ambiguous:
        return Match(best.places, best.ambiguous, False, round(score))
    candidates = dict.fromkeys(place for _, match in found for place in match.places)
    return Match(tuple(candidates)[:limit], False, False, round(score))


def _heads(keys: Sequence[str]) -> Iterator[tuple[str, list[Area]]]:
    yield " ".join(keys), []
    for i in range(len(keys) - 1, 0, -1):
        if areas := parse_areas(keys[i:]):
            yield " ".join(keys[:i]), areas


def similar(name: str, choices: Sequence[str], *, limit: int) -> list[tuple[str, float]]:
    """The choices spelt or sounding most like a name, with their similarity from 0 to 1; the best may not be first."""
    hits = process.extract(
        name, choices, scorer=OSA.normalized_similarity, limit=limit, score_cutoff=0.55, processor=None
    )
    return [(key, min(score + _sound_bonus(name, key), 0.99)) for key, score, _ in hits]


def _sound_bonus(name: str, key: str) -> float:
    """For a word that sounds alike ("Bangcock") or has its letters in another order ("Chigaco")."""
    if name[0] == key[0] and sorted(name) == sorted(key):
        return _SOUND_BONUS
    return _SOUND_BONUS if _sound(name) == _sound(key) else 0.0


@lru_cache(maxsize=4096)
def _sound(name: str) -> str:
    """The consonants as they are heard: "bangcock" and "bangkok" -> "ppnkkk"."""
    for spelling, heard in _SOUNDS:
        name = name.replace(spelling, heard)
    letters = [c for i, c in enumerate(name) if c not in "aeiouyh " and name[i - 1 : i] != c]
    return name[0] + "".join(letters)


def suggestions(text: str, *, limit: int = 3) -> tuple[Place, ...]:
    """The nearest places to a text, for messages of errors."""
    return find(fold(text)).places[:limit]
