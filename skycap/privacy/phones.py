"""Phone numbers: international ones, and those that are valid in one of the countries travellers come from."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException

from skycap.privacy.scan import Scan

_MORE = r"(?:[ ().\-/]{0,3}\d)"
_EXTENSION = r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?(?!\w)"
_WITH_EXTENSION = re.compile(r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?$", re.I)
_INTERNATIONAL = re.compile(rf"(?:(?<![\d+])\+|(?<![\w+])00(?=[ .-]?[1-9]))[ ]?\(?\d{_MORE}{{6,14}}{_EXTENSION}", re.I)
_NATIONAL = re.compile(rf"(?<![\w+.,-])\(?\d{_MORE}{{6,13}}{_EXTENSION}", re.I)
_WHOLE = re.compile(rf"[^\w(+\0]*(?:it'?s |is |sure,? |ok,? |yes,? |here:? )?([(+]*\d{_MORE}{{6,14}})[^\w\0]*", re.I)
# With a trunk prefix 0; the others dial the number as it is.
_WITH_ZERO = tuple(re.findall(r"\w+", "GB DE FR NL AU CH AT BE SE FI IE JP IN ZA TR NZ IL BR IT KR CN AE"))
_WITHOUT_ZERO = tuple(re.findall(r"\w+", "US ES IT PT PL DK NO CZ GR MX BR IN CN SG HK FR"))
_TWO_TIMES = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d[ -](?:[01]\d|2[0-3])[0-5]\d")  # as in a timetable
MOST_CHECKED = 25


def find_international_phones(scan: Scan) -> None:
    """Before travel and announced numbers, which would cut them in two."""
    for hit in _INTERNATIONAL.finditer(scan.text):
        if _is_international(hit.group()):
            scan.take(*hit.span(), "PHONE")


def phone_at(text: str, start: int) -> int | None:
    """Where the number that is written like a phone at `start` ends."""
    hit = _NATIONAL.match(text, start)
    return hit.end() if hit else None


def find_phones(scan: Scan) -> None:
    """Beyond MOST_CHECKED candidates in one text, what looks like a phone is taken for one: no text may cost much."""
    whole = _WHOLE.fullmatch(scan.text)
    if whole:  # the answer to a question
        scan.take(*whole.span(1), "PHONE")
        return
    for number, hit in enumerate(_NATIONAL.finditer(scan.text)):
        if number >= MOST_CHECKED or _is_national(hit.group()):
            scan.take(*_bare(hit), "PHONE")


def _bare(hit: re.Match[str]) -> tuple[int, int]:
    opened = hit.group().startswith("(") and ")" not in hit.group()
    return hit.start() + opened, hit.end()


def _is_international(text: str) -> bool:
    digits = "".join(each for each in text if each.isdigit())
    return text.startswith("+") or _is_valid("+" + digits.removeprefix("00"))


def _is_national(text: str) -> bool:
    text = text[: len(text) - len(_WITH_EXTENSION.search(text).group())]
    digits = "".join(each for each in text if each.isdigit())
    if len(set(digits)) < 3 or _TWO_TIMES.fullmatch(text):
        return False
    if digits[0] != "0" and text.isdigit() and len(digits) < 9:
        return False  # a bare number of eight digits counts anything
    if digits[0] == "0":
        return any(
            _pattern(region).fullmatch(digits[1:]) or _pattern(region).fullmatch(digits) for region in _WITH_ZERO
        )
    return any(_pattern(region).fullmatch(digits) for region in _WITHOUT_ZERO)


@lru_cache(maxsize=64)
def _pattern(region: str) -> re.Pattern[str]:
    """The valid numbers of a country without its trunk prefix: the library's patterns without its parser's cost."""
    known = phonenumbers.PhoneMetadata.metadata_for_region(region)
    kinds = (
        known.fixed_line,
        known.mobile,
        known.toll_free,
        known.premium_rate,
        known.shared_cost,
        known.voip,
        known.uan,
    )
    return re.compile("|".join(each.national_number_pattern for each in kinds if each and each.national_number_pattern))


def _is_valid(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except NumberParseException:
        return False


def warm_up() -> None:
    """Load the patterns of the countries: each costs some milliseconds the first time."""
    for region in {*_WITH_ZERO, *_WITHOUT_ZERO}:
        _pattern(region)
    _is_valid("+12025550143")
