"""Dates of birth, when said as such: a travel date is none of these."""

from __future__ import annotations

import re

from skycap.privacy.scan import Scan, lowered
from skycap.privacy.words import WORDS

_MONTH = rf"{WORDS.months}[^\W\d_]{{0,8}}\.?"
_DAY = rf"(?:\d{{1,2}}(?:\.|{WORDS.day_endings})?|{WORDS.ordinals})"
_OF = rf"(?:{WORDS.of} )?"
_YEAR = rf"(?:,?[ ]?{_OF}(?:(?:19|20)\d\d|'\d\d)\b|[ ]{WORDS.of}[ ]\d\d\b)"
_NUMBERS = r"\d{1,4}[ ]?[-./ ][ ]?\d{1,2}[ ]?[-./ ][ ]?\d{1,4}\b|(?:19|20)\d{6}\b|[0-3]\d[01]\d(?:19|20)\d\d\b"
WORDED = "|".join(
    (
        rf"{_DAY}[ -]?{_OF}{_MONTH}{_YEAR}?(?:[ -]?\d{{2,4}}\b)?",
        rf"{_MONTH}[ -](?:the )?{_DAY}\b{_YEAR}?",
        rf"{_MONTH}{_YEAR}",
        rf"(?:19|20)\d\d[ -]{_MONTH}[ -]?\d{{1,2}}\b",
    )
)
DATE = rf"(?:{_NUMBERS}|{WORDED})"
_BETWEEN = rf"(?:\W{{0,3}}(?:{WORDS.between}|[-:=])(?=\W)){{0,4}}\W{{0,3}}"
_SAID = re.compile(rf"\b{WORDS.birth}(?=\W){_BETWEEN}({DATE})", re.I)
_ANOTHER = re.compile(rf"[ ]?(?:[,;/&]|\b{WORDS.and_}\b)[ ]?({DATE})", re.I)
# "born in Berlin on …", "date of birth of the second passenger is …": with words between it takes a year of the past.
_FAR = re.compile(rf"\b{WORDS.birth}(?=\W)[^\d\0.!?\n]{{0,50}}?\b({DATE})", re.I)
_BIRTHDAY_OF_A_YEAR = re.compile(rf"\b{WORDS.birthday}(?=\W){_BETWEEN}({DATE})", re.I)
_AFTERWARDS = re.compile(rf"\b{WORDS.birth_after}", re.I)
_BEFORE_IT = re.compile(rf"\b({DATE})[ ,(\-:]{{1,3}}(?:{WORDS.is_} )?(?:{WORDS.my} )?(?:\w{{2,12}}'s )?$", re.I)
# Nobody travels then: said alone, as the answer to a question or a field of metadata, it is when somebody was born.
_WHOLE_DATE = re.compile(
    rf"(?<![\w.+-])(?:(?:19\d\d|200\d)([-./])[01]?\d\1[0-3]?\d|[0-3]?\d([-./])[0-3]?\d\2(?:19\d\d|200\d)|"
    rf"{_DAY}[ -]?{_OF}{_MONTH},?[ -]?{_OF}(?:19\d\d|200\d)|"
    rf"{_MONTH}[ -](?:the )?{_DAY},?[ ](?:19\d\d|200\d))(?![\w]|[-./]\d)",
    re.I,
)
_PAST_YEAR = re.compile(r"(?:19\d\d|200\d|201\d|202[0-4])(?!\d)|(?<=[-./' ])[3-9]\d$")
_CUES = re.compile(rf"\b(?:{WORDS.birth}|{WORDS.birthday}|{WORDS.birth_after})")


def speaks_of_birth(text: str) -> bool:
    """Whether the text has what none with a date of birth lacks."""
    return bool(_CUES.search(lowered(text)))


def find_births(scan: Scan) -> None:
    if alone := _WHOLE_DATE.fullmatch(scan.text.strip()):
        start = scan.text.index(alone.group())
        scan.take(start, start + len(alone.group()), "DATE_OF_BIRTH")
    if not speaks_of_birth(scan.text):
        return
    for hit in _SAID.finditer(scan.text):
        _take(scan, hit)
    for pattern in (_FAR, _BIRTHDAY_OF_A_YEAR):  # "for my birthday on May 12" is when somebody travels
        for hit in pattern.finditer(scan.text):
            if _PAST_YEAR.search(hit.group(1)):
                _take(scan, hit)
    for word in _AFTERWARDS.finditer(scan.text):
        if hit := _BEFORE_IT.search(scan.text, max(0, word.start() - 60), word.start()):
            _take(scan, hit)


def _take(scan: Scan, hit: re.Match[str]) -> None:
    start, end = hit.span(1)
    text = scan.text
    scan.take(start, start + len(text[start:end].rstrip(" .,")), "DATE_OF_BIRTH")
    while (another := _ANOTHER.match(text, end)) and _PAST_YEAR.search(another.group(1)):
        scan.take(*another.span(1), "DATE_OF_BIRTH")
        end = another.end()
