"""Payment cards: any grouping, by issuer, length and Luhn's check digit."""

from __future__ import annotations

import re

from skycap.privacy.checks import luhn
from skycap.privacy.scan import Scan, fold
from skycap.privacy.words import WORDS

_RUN = re.compile(r"\d(?:(?:[^\w\n\0@+]|_){0,3}\d)*")
_TAIL = re.compile(r"\d(?:[ .\-]{0,2}\d){3,18}\W{0,3}$")
_GROUP = re.compile(r"\d+")
_ISSUERS = re.compile(r"4|5[0-8]|2[2-7]|6|3[0-9]|9792|1800")
_LENGTHS = {"4": (16, 13, 19), "5": (16, 12, 13, 14, 15, 17, 18, 19), "2": (16,), "6": (16, 17, 18, 19, 12, 13, 14, 15),
            "3": (15, 14, 16, 17, 18, 19), "9": (16,), "1": (15,)}  # fmt: skip
_SAID = re.compile(rf"\b{WORDS.card}\b", re.I)
_SECURITY_CODE = re.compile(
    rf"\b{WORDS.security_code}\b\W{{0,3}}(?:{WORDS.is_}|{WORDS.number})?\W{{0,3}}(\d{{3,4}})\b", re.I
)
# No card has these inside: "18:30 - 13/05/2026 07:45" and "349.00 359.00 369.00 379.00" are some only by their digits.
_DATE_OR_TIME = re.compile(
    r"(?<!\d)(?:\d{1,2}([-./])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-./])\d{1,2}\2\d{1,2}|[012]?\d:[0-5]\d|"
    r"\d{1,4}[.,]\d\d[ ]\d{1,4}[.,]\d\d)(?!\d)"
)
LEAST, MOST = 12, 19
LONGEST_PHONE = 13


def find_cards(scan: Scan) -> None:
    for run in _RUN.finditer(scan.text):
        if run.end() - run.start() < LEAST:
            continue
        said = bool(_SAID.search(scan.text, max(0, run.start() - 40), run.start()))
        for start, end in _cards_in(scan.text, run.start(), run.end(), said):
            scan.take(start, end, "CARD")
    for hit in _SECURITY_CODE.finditer(scan.text):
        scan.take(*hit.span(1), "CARD")


def is_card(digits: str) -> bool:
    """Whether these digits are a card number: a known issuer's, of its length, with the right check digit."""
    issuer = _ISSUERS.match(digits)
    return bool(issuer) and len(digits) in _LENGTHS[digits[0]] and luhn(digits)


def start_of_card(text: str) -> str:
    """The digits at the end of a text that may be the first part of a card number, else nothing."""
    tail = _TAIL.search(fold(text)[0][-60:])
    digits = "".join(each for each in tail.group() if each.isdigit()) if tail else ""
    return digits if 4 <= len(digits) <= 15 and _ISSUERS.match(digits) else ""


def end_of_card(start: str, text: str) -> int:
    """Where in `text` the card ends that began with the digits `start`; 0 when none does."""
    folded, places = fold(text)
    head, digits = _RUN.match(folded, len(folded) - len(folded.lstrip())), start
    for group in _GROUP.finditer(head.group()) if head else ():
        digits += group.group()
        if is_card(digits):
            end = head.start() + group.end()
            return end if places is None else places[end - 1] + 1
    return 0


def _cards_in(text: str, start: int, end: int, said: bool) -> list[tuple[int, int]]:
    """Cards are whole groups of digits; a run may hold other numbers before and behind."""
    groups = [hit.span() for hit in _GROUP.finditer(text, start, end)]
    cards, first = [], 0
    while first < len(groups):
        best = _card_from(text, groups, first, said)
        if best is None or _is_something_else(text, groups[first][0], best[1]):
            first += 1
            continue
        cards.append((groups[first][0], best[1]))
        first = best[0] + 1
    return cards


def _is_something_else(text: str, start: int, end: int) -> bool:
    """Whether the digits of a card are an international phone's or share some with a date or a time."""
    phone = text[start - 1 : start] == "+" and sum(map(str.isdigit, text[start:end])) <= LONGEST_PHONE
    return phone or any(hit.end() > start for hit in _DATE_OR_TIME.finditer(text, max(0, start - 10), end))


def _card_from(text: str, groups: list[tuple[int, int]], first: int, said: bool) -> tuple[int, int] | None:
    """The longest card that starts with group `first`: its last group and where it ends."""
    digits, best = "", None
    for last in range(first, len(groups)):
        digits += text[slice(*groups[last])]
        if len(digits) >= 4 and not _ISSUERS.match(digits):
            return None
        if len(digits) > MOST:
            if last == first:  # one long group: expiry and code may be glued to the number
                for length in (16, 15):
                    if is_card(digits[:length]):
                        return last, groups[last][1]
            break
        # Announced as a card it counts with a wrong check digit too: a slip of the finger is still nearly the number.
        if len(digits) >= LEAST and (
            is_card(digits) or (said and len(digits) in (12, 15, 16) and _ISSUERS.match(digits))
        ):
            best = last, groups[last][1]
            if len(digits) in (15, 16) and is_card(digits):
                break  # what follows is an expiry date or a security code
    return best
