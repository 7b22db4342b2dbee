"""What travellers say with digits and what must stay: dates, times, prices, flight numbers, references, seats, gates.

Set aside before numbers are taken for phones or documents.
"""

from __future__ import annotations

import re

from skycap.privacy.births import WORDED
from skycap.privacy.scan import Scan, lowered
from skycap.privacy.words import WORDS

MANY_DIGITS = re.compile(r"(?:\d[^\0\d]{0,3}){5}")
_MONEY, _OR = WORDS.money, WORDS.between_numbers
_AMOUNT = r"\d{1,3}(?:[ .,']\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_SPANS = re.compile(
    r"(?:(?<!\w)|(?=[$€£¥₹]))(?:"
    + "|".join(
        (
            r"(?<![.+-])(?:19|20)\d\d-[01]?\d-[0-3]?\d(?:[t ]\d{1,2}:\d\d(?::\d\d)?)?(?![\w-])",
            r"(?<![.+-])[0-3]?\d([-./])[0-3]?\d\1(?:19|20)?\d\d(?!\w|[-./]\d)",
            r"(?<![.+-])(?:19|20)\d\d([-./])[01]?\d\2[0-3]?\d(?!\w|[-./]\d)",
            r"(?<![.+-])[0-3]?\d[ ][01]?\d[ ](?:19|20)\d\d(?!\w|[ -]\d)",
            r"(?<![.+-])[01]?\d[-./](?:19|20)\d\d(?!\w|[-./]\d)",  # a month: when a document expires
            r"(?<![.+-])20[2-4]\d[01]\d[0-3]\d(?!\w)",
            r"(?<![.+-])[0-3]\d[01]\d20[2-4]\d(?!\w)",
            WORDED,
            r"(?<![.+-])\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ ]?[ap]\.?m\.?)?(?:[ ]?-[ ]?\d{1,2}[:.]\d\d)?(?!\w|\.\d)",
            rf"(?<![.+-])[012]\d[0-5]\d[ ]?(?:-|{_OR})[ ]?[012]\d[0-5]\d(?:[ ]?{WORDS.hours})?(?!\w|-\d)",
            r"(?<![.+-])[012]\d[0-5]\d(?:(?:[ ]|[ ]?[,/][ ]?)[012]\d[0-5]\d){2,9}(?!\w|[ .-]\d)",  # a timetable
            r"(?<![.+-])[0-3]?\d/[01]?\d(?:[ ,]{1,2}[0-3]?\d/[01]?\d){2,9}(?!\w|[-./]\d)",  # days to choose from
            rf"(?<![.+-])\d{{1,4}}[.,]\d\d(?:(?:[ ,;/]{{1,3}}|[ ]{_OR}[ ])\d{{1,4}}[.,]\d\d){{1,9}}(?!\w|[-./]\d)",
            r"(?<![.+-])20[2-4]\d[-./][01]\d(?!\w|[-./ ]\d)",
            r"(?<![.+-])20[12]\d/\d{2,6}(?!\w|[-./ ]\d)",  # the seventeenth receipt of a year
            r"(?<![.+-])\d{1,3}[05](?:/\d{1,3}[05]){2,5}(?!\w|[-./ ]\d)",  # amounts to choose from
            rf"[$€£¥₹][ ]?(?:{_AMOUNT})(?:[ ]?-[ ]?[$€£¥₹]?(?:{_AMOUNT}))?k?(?!\w)",
            rf"(?<!\+)(?:{_AMOUNT})(?:[ ]?(?:-|{_OR})[ ]?(?:{_AMOUNT}))?[ ]?(?:[$€£¥₹]|{_MONEY}\b)",
            rf"(?<![.+-])[1-9]\d{{2,4}}(?:[ ,/]{{1,2}}[1-9]\d{{2,4}}){{1,6}}[ ]?(?:[$€£¥₹]|{_MONEY}\b)",
            rf"{_MONEY}[ ]?(?:{_AMOUNT})(?!\w)",
        )
    )
    + ")"
)
# Afterwards, or "on 12" of a date would be a flight.
_NUMBERED = re.compile(
    "|".join(
        (
            # Flight numbers: two characters of an airline, one of them a letter, and up to four digits.
            r"(?<!\w)(?:(?:[a-z]{2}|[a-z]\d|\d[a-z])[ -]?|[a-z]{3})\d{1,4}[a-z]?(?!\w|[ ./()-]{1,2}\d)",
            rf"(?<!\w){WORDS.aboard}[ ](?:{WORDS.number}\.? |# ?)?\w{{1,6}}(?!\w|[ ./()-]{{1,2}}\d)",
            # What has a number right behind it. Farther away, "vuelo" says nothing of a phone number.
            rf"(?<!\w){WORDS.papers}(?:[ ]?{WORDS.number})?[ .:#]{{1,3}}\d\w*(?:[ ./-]\d\w*){{0,4}}(?!\w)",
        )
    )
)


def set_travel_aside(scan: Scan) -> None:
    if not MANY_DIGITS.search(scan.text):  # too few for a phone or a document
        return
    for pattern in (_SPANS, _NUMBERED):
        for hit in pattern.finditer(lowered(scan.text)):
            scan.set_aside(*hit.span())
