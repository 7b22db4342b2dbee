"""Where somebody lives: a street with the number of the house, a post code that is said to be one. The city stays."""

from __future__ import annotations

import re

from skycap.privacy.scan import Scan, lowered
from skycap.privacy.words import WORDS

_NUMBER = r"\d{1,5}(?:[ ]?[a-z]\b)?(?:[ ]?[-/][ ]?\d{1,4}[a-z]?)?"
# "Calle 5 horas", "Hauptstraße 3.5.", "paseo 3 de mayo": no house.
_ENDS = (
    rf"(?!\w|[.:,]\d|\.[ ]?{WORDS.months}|[ ]{WORDS.of}[ ]{WORDS.months}|"
    rf"[ ]?(?:[$€£]|km\b|min|{WORDS.money}\b|{WORDS.hours}\b))"
)
_SIGN = rf"(?:,?[ ]?(?:{WORDS.number}\.?|#)[ ]?|,?[ ])"
_HOUSE = rf"{_SIGN}{_NUMBER}{_ENDS}(?:,?[ ](?:[a-z]{{1,2}}-)?\d{{4,5}}(?![\w.-]))?"
_NAME = rf"(?:[ ](?!{WORDS.not_in_streets}\b)[^\W\d]+\.?){{0,5}}"
_ENDING = re.compile(rf"({WORDS.street_ends}){_HOUSE}")
_WORD = re.compile(r"\w*\Z")
_WORD_BEFORE = re.compile(r"(?:(?<!\w)[A-ZÄÖÜ][^\W\d]+[ -])?\Z")
_NOT_STREETS = re.compile(WORDS.not_streets, re.I)
_HEADED = re.compile(rf"(?<![\w.+-]){WORDS.street_heads}{_NAME}{_HOUSE}")
_NUMBERED = re.compile(rf"(?<![\w.+-]){_NUMBER},?(?:[ ](?-i:[A-Z])[\w'.-]+){{1,3}}[ ]{WORDS.street_tails}\b", re.I)
_POSTCODES = re.compile(
    rf"\b{WORDS.postcodes}(?:\W{{0,3}}(?:{WORDS.is_}|{WORDS.number})\b)?\W{{1,3}}"
    r"(\d{4,5}(?:-\d{3,4})?|[a-z]{1,2}\d[a-z\d]?[ ]?\d[a-z]{2})(?!\w)"
)


def find_streets(scan: Scan) -> None:
    text, lower = scan.text, lowered(scan.text)
    for hit in _ENDING.finditer(lower):
        start = _WORD.search(text, max(0, hit.start() - 40), hit.start()).start()
        if _NOT_STREETS.fullmatch(text, start, hit.end(1)):
            continue
        if start == hit.start():  # "Berliner Straße 12"
            start = _WORD_BEFORE.search(text, max(0, start - 40), start).start()
        scan.take(start, hit.end(), "ADDRESS")
    for hit in (*_HEADED.finditer(lower), *_NUMBERED.finditer(text)):
        scan.take(*hit.span(), "ADDRESS")
    for hit in _POSTCODES.finditer(lower):
        scan.take(*hit.span(1), "ADDRESS")
