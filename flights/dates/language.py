"""What a language has to say about dates: the shape of its tables, and their compilation.

Place in the flow: `languages/<code>/dates.yml` fills one `Language` with words and phrase patterns; `scan.py` asks
`compiled(locale)` for the regular expressions.

A phrase pattern is a regular expression over folded text (lower case, single spaces) with macros:
`@weekday @month @fullmonth @ord @day @num @unit @mod @part @nth @year @holiday @word @sequel`. A macro becomes a named
group (but `@notday` and `@notordinal`, which only look ahead); a digit after it (`@day2`) names a second group of the
same sort. A group `span` narrows what the mention covers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from string import ascii_lowercase

from flights.languages import load

DEPARTURE, RETURN = "departure", "return"


@dataclass(frozen=True)
class Language:
    """The words of one language. Weekdays count from Monday = 0; units are (days, months)."""

    weekdays: dict[str, int]
    months: dict[str, int]
    safe_months: frozenset[str]  # may stand alone without a preposition ("June" may, "may" may not)
    numbers: dict[str, int]
    ordinals: dict[str, int]
    ordinal_suffix: str  # regular expression after a digit: "st|nd|rd|th"
    units: dict[str, tuple[int, int]]
    words: dict[str, int]  # "tomorrow": days from today
    sequels: dict[str, int]  # "the next day": days from the departure
    modifiers: dict[str, str]  # "this coming": one of this, coming, next, after_next, last, following
    parts: dict[str, str]  # "beginning of": one of early, mid, late
    nths: dict[str, int]  # "first": 1 ... "last": -1
    holidays: dict[str, str]  # "xmas": key of almanac.HOLIDAYS
    typos: dict[str, str]
    fuzzy: frozenset[str]  # long words whose one-letter misspellings are understood
    not_day: str  # what follows a number that is not a day of the month ("people", "pm", ...)
    not_ordinal: str  # what follows an ordinal that is not a day ("option", "class", ...)
    rules: tuple[tuple[str, str], ...]
    asked_rules: tuple[tuple[str, str], ...]  # only when a date was asked for
    stays: tuple[str, ...]
    asked_stays: tuple[str, ...]
    shift: str  # stands before a date and moves it: "two days after "
    wrap: str  # stands before a date and widens it: "the week of "
    range_gap: str  # stands between two dates of one range
    between: str  # stands before the first of "between A and B"
    between_gap: str
    changing: str  # "move it from A to B" is not a range
    alternative: str  # between two dates of one role: "Friday or Saturday"
    departure_cue: str
    return_cue: str
    clause: str  # separates clauses
    library: str  # a word that makes a look in the library worth its milliseconds
    culture: str  # the library's name of the language, empty when it does not know it
    day_first: bool = False  # 3/8 is the 3rd of August
    weekday_tails: tuple[str, ...] = ()  # written in one word with a weekday: "abend" of "Freitagabend"


@dataclass(frozen=True)
class Compiled:
    """A language with its patterns compiled once."""

    language: Language
    misspelt: dict[str, str]
    rules: tuple[tuple[str, re.Pattern], ...]
    asked_rules: tuple[tuple[str, re.Pattern], ...]
    stays: tuple[re.Pattern, ...]
    asked_stays: tuple[re.Pattern, ...]
    shift: re.Pattern
    wrap: re.Pattern
    range_gap: re.Pattern
    between: re.Pattern
    between_gap: re.Pattern
    changing: re.Pattern
    alternative: re.Pattern
    cues: re.Pattern
    clause: re.Pattern
    library: re.Pattern

    def value(self, group: str, text: str) -> object:
        """Turn the text of a named group into its value: a number, a (days, months) pair or a key."""
        sort, words = group.rstrip("0123456789"), self.language
        if sort in ("ord", "day", "num", "year", "month") and (digits := re.match(r"\d+", text)):
            return int(digits.group())
        if sort in ("ord", "day", "num", "year"):
            plain = text.replace("-", " ")
            return words.ordinals.get(plain) or words.numbers.get(plain)
        table = {
            "weekday": words.weekdays, "month": words.months, "fullmonth": words.months, "unit": words.units,
            "word": words.words, "sequel": words.sequels, "mod": words.modifiers, "part": words.parts,
            "nth": words.nths, "holiday": words.holidays,
        }.get(sort)  # fmt: skip
        if sort == "week":  # "this", "next" or "last" of a week; a word that only says "week" stays
            return words.modifiers.get(text, text)
        return text if table is None else table[text.rstrip(".")]


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first; a space also matches a hyphen."""
    return "|".join(re.escape(word).replace(r"\ ", "[ -]") for word in sorted(words, key=len, reverse=True))


def _macros(words: Language) -> dict[str, str]:
    ordinal = rf"\d{{1,2}}(?:{words.ordinal_suffix})|{alternation(words.ordinals)}"
    not_day = rf"(?![\w:/%€$£]|[.,]\d)(?! ?(?:{words.not_day})\b)"
    number = rf"\d{{1,3}}|{alternation(words.numbers)}"
    return {
        "weekday": alternation(words.weekdays),
        "month": rf"(?:{alternation(words.months)})(?:\.(?= ?\d))?",
        "fullmonth": alternation(words.safe_months),
        "ord": ordinal,
        "day": rf"(?:{ordinal}|\d{{1,2}}){not_day}",
        "notday": not_day,
        "num": number,
        "unit": alternation(words.units),
        "mod": alternation(words.modifiers),
        "part": alternation(words.parts),
        "nth": alternation(words.nths),
        "year": r"(?:19|20)\d\d(?!\d)",
        "holiday": alternation(words.holidays),
        "word": alternation(words.words),
        "sequel": alternation(words.sequels),
        "notordinal": rf"(?! ?(?:{words.not_ordinal})\b)",
    }


def _one_letter_off(word: str, letters: Iterable[str]) -> Iterable[str]:
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        if tail:
            yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
            yield from (head + letter + tail[1:] for letter in letters)
        yield from (head + letter + tail for letter in letters)


def expand(pattern: str, macros: dict[str, str]) -> str:
    """Replace the macros of a phrase pattern by named groups."""

    def group(match: re.Match) -> str:
        name = match.group(1)
        body = macros[name.rstrip("0123456789")]
        return body if name in ("notordinal", "notday") else f"(?P<{name}>{body})"

    return re.sub(r"@(\w+)", group, pattern)


@lru_cache(maxsize=8)
def compiled(locale: str) -> Compiled:
    """Compile the tables of a locale: `en` (month first in 3/8), `en_GB` (day first).

    Raises ValueError for a locale without tables.
    """
    words = load(locale, "dates", Language)
    region = locale.replace("-", "_").partition("_")[2]
    if region:
        words = replace(words, day_first=region.upper() != "US")
    known = set(words.weekdays) | set(words.months) | set(words.words)
    letters = {*ascii_lowercase, *"".join(words.fuzzy)}
    misspelt = {typo: word for word in words.fuzzy for typo in _one_letter_off(word, letters) if typo not in known}
    joined = {day + tail: f"{day} {tail}" for day in words.weekdays for tail in words.weekday_tails}
    macros = _macros(words)

    def phrase(pattern: str) -> re.Pattern:
        return re.compile(rf"(?<![\w$€£])(?:{expand(pattern, macros)})(?!\w)")

    def piece(pattern: str) -> re.Pattern:
        return re.compile(expand(pattern, macros))

    return Compiled(
        language=words,
        misspelt={**misspelt, **joined, **words.typos},
        rules=tuple((kind, phrase(pattern)) for kind, pattern in words.rules),
        asked_rules=tuple((kind, phrase(pattern)) for kind, pattern in words.asked_rules),
        stays=tuple(phrase(pattern) for pattern in words.stays),
        asked_stays=tuple(phrase(pattern) for pattern in words.asked_stays),
        shift=piece(rf"(?<!\w)(?:{words.shift})\Z"),
        wrap=piece(rf"(?<!\w)(?:{words.wrap})\Z"),
        range_gap=piece(rf"(?:{words.range_gap})\Z"),
        between=piece(rf"(?<!\w)(?:{words.between})\Z"),
        between_gap=piece(rf"(?:{words.between_gap})\Z"),
        changing=piece(words.changing),
        alternative=piece(rf"(?:{words.alternative})\Z"),
        cues=piece(rf"(?<!\w)(?:(?P<departure>{words.departure_cue})|(?P<return>{words.return_cue}))(?!\w)"),
        clause=piece(words.clause),
        library=piece(rf"(?<!\w)(?:{words.library})(?!\w)"),
    )
