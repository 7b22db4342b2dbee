"""Personal data in a text: what it is and where.

Level 0: no Rasa. `skycap/ingest.py` calls it before anything stores a message, the tracker store and the log filter
once more. What a journey is made of (airports, flight numbers, references, prices, dates, seats) is no personal data
here. `find` has the order; one module for each family of kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from skycap.kept import Kept, fingerprint
from skycap.privacy.addresses import AT_SIGNS, find_emails, find_ips
from skycap.privacy.births import find_births, speaks_of_birth
from skycap.privacy.cards import end_of_card, find_cards, is_card, start_of_card
from skycap.privacy.documents import find_announced, find_documents, find_ibans, find_passports
from skycap.privacy.phones import find_international_phones, find_phones, warm_up
from skycap.privacy.scan import Found, Scan
from skycap.privacy.streets import find_streets
from skycap.privacy.travel import set_travel_aside

__all__ = ["KINDS", "TOKEN", "Found", "end_of_card", "find", "is_card", "mask", "replace", "start_of_card", "warm_up"]

KINDS = (
    "CARD", "EMAIL", "HANDLE", "PHONE", "IBAN", "PASSPORT", "NATIONAL_ID", "SSN", "IP", "DATE_OF_BIRTH", "ADDRESS",
    "NAME",
)  # fmt: skip
# What stands for a value: [EMAIL:1] of a vault, [EMAIL] where nothing is kept.
TOKEN = re.compile(rf"\[(?P<kind>{'|'.join(KINDS)})(?::(?P<number>\d{{1,6}}))?\]")
_HINT = re.compile(rf"\d|@|\bat\b|[\[({{<] ?at|{AT_SIGNS}|::", re.I)
# The order matters: what has a check digit before what has only a shape, a journey's own numbers before phones.
_DETECTORS: tuple[Callable[[Scan], None], ...] = (
    find_emails,
    find_ibans,
    find_cards,
    find_ips,
    find_documents,
    find_births,
    find_international_phones,
    find_streets,
    set_travel_aside,
    find_announced,
    find_passports,
    find_phones,
)


# Replies, cards and metadata say the same again and again; where something is and of what kind tells nothing of it.
_seen: Kept[bytes, tuple[Found, ...]] = Kept(4_000)


def find(text: str) -> list[Found]:
    """Personal data in `text`, from left to right, never overlapping. Tokens are none. Never raises."""
    if text.isascii() and not _may_tell(text):
        return []
    return list(_seen.get(fingerprint(text), lambda: tuple(_look(Scan(text)))))


def _may_tell(text: str) -> bool:
    return bool(_HINT.search(text)) or speaks_of_birth(text)


def _look(scan: Scan) -> list[Found]:
    if not _may_tell(scan.text):
        return []
    for token in TOKEN.finditer(scan.text):
        scan.set_aside(*token.span())
    for detect in _DETECTORS:
        detect(scan)
    return sorted(scan.found)


def replace(text: str, token_for: Callable[[str, str], str]) -> str:
    """The text with each finding replaced by `token_for(kind, value)`, again until nothing is found: what was beside a
    finding may be one by itself."""
    while findings := find(text):
        for found in reversed(findings):
            token = token_for(found.kind, text[found.start : found.end])
            text = f"{text[: found.start]}{token}{text[found.end :]}"
    return text


def mask(text: str) -> str:
    """The text with each finding replaced by its kind: [EMAIL]. Nothing can bring it back."""
    return replace(text, lambda kind, value: f"[{kind}]")
