"""Bank accounts and documents: by their check digits, their shape, or the word that announces them."""

from __future__ import annotations

import re
from collections.abc import Callable

from skycap.privacy import checks
from skycap.privacy.phones import phone_at
from skycap.privacy.scan import Scan, lowered
from skycap.privacy.travel import MANY_DIGITS
from skycap.privacy.words import WORDS

# Length of an IBAN by country (SWIFT's registry).
_IBAN_LENGTHS = {
    code: length
    for length, codes in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL SD FK", 19: "MK SI", 20: "AT BA EE KZ LT LU XK MN",
        21: "HR LV LI CH", 22: "BH BG CR DE GE IE ME RS GB VA", 23: "AE GI IQ IL TL OM SO",
        24: "AD CZ MD PK RO SA SK ES SE TN VG", 25: "PT ST LY", 26: "IS TR", 27: "FR GR IT MC SM MR BI DJ",
        28: "AL AZ BY CY DO GT HU LB PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
        33: "RU",
    }.items()
    for code in codes.split()
}  # fmt: skip
_IBAN_START = re.compile(r"(?<![^\W_])([A-Z]{2})[ ]?\d{2}(?=[ .-]{0,2}[A-Z0-9])", re.I)
_ALNUM = re.compile(r"[A-Z0-9]", re.I)
_IBAN_WORD = re.compile(r"\biban\b", re.I)
_AROUND = r"(?<![\w.+-]){}(?![\w]|[-]\d)"
_S = "[ .-]?"

Check = Callable[[str], bool]


def _always(code: str) -> bool:
    return True


def _finnish(code: str) -> bool:
    return checks.finnish(f"{code[:6]}-{code[-4:]}")


def _ssn(digits: str) -> bool:
    return digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"


# Shapes that are a document by themselves. Checks get the code in capitals without separators.
_SHAPES: tuple[tuple[str, re.Pattern[str], Check], ...] = tuple(
    (kind, re.compile(_AROUND.format(shape), re.I), check)
    for kind, shape, check in (
        ("SSN", r"\d{3}([- .])\d{2}\1\d{4}", _ssn),
        ("NATIONAL_ID", rf"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]{_S}\d\d{_S}\d\d{_S}\d\d{_S}[A-D]", _always),  # GB
        ("NATIONAL_ID", rf"(?:\d{{2}}\.?\d{{3}}\.?\d{{3}}|[XYZ]{_S}\d{{7}}){_S}[A-Z]", checks.dni),
        ("NATIONAL_ID", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d", checks.german_document),
        ("NATIONAL_ID", r"[1-9]\d[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", checks.german_tax),
        ("NATIONAL_ID", r"\d\d[ ]?[0-3]\d[01]\d{3}[ ]?[A-Z][ ]?\d{3}", _always),  # Germany's pension insurance
        ("NATIONAL_ID", r"[A-Z]{3}[ ]?[A-Z]{3}[ ]?\d\d[A-EHLMPRST]\d\d[ ]?[A-Z]\d{3}[A-Z]", checks.italian_fiscal),
        ("NATIONAL_ID", r"[12][ ]?\d\d[ ]?\d\d[ ]?(?:\d\d|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d\d", checks.french_nir),
        ("NATIONAL_ID", r"\d\d\.?[01]\d\.?[0-3]\d[- ]?\d{3}\.?\d\d", checks.belgian),
        ("NATIONAL_ID", r"\d{2}[0-3]\d[0-3]\d\d{5}", checks.pesel),
        ("NATIONAL_ID", r"\d{3}\.\d{3}\.\d{3}-\d\d", checks.cpf),
        ("NATIONAL_ID", r"\d{4}([ -])\d{4}\1\d{4}", checks.aadhaar),
        ("NATIONAL_ID", r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]", _always),  # India's PAN
        ("NATIONAL_ID", r"[1-9]\d{5}(?:19|20)\d\d[01]\d[0-3]\d\d{3}[\dX]", checks.chinese),
        ("NATIONAL_ID", r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d", checks.swiss),
        (
            "NATIONAL_ID",
            r"[0-3]\d[01]\d\d\d[-+A]\d{3}[0-9A-Y]",
            lambda code: checks.finnish(code[:6] + "-" + code[-4:]),
        ),
        ("NATIONAL_ID", r"(?:19|20)?\d\d[01]\d[0-3]\d[-+]\d{4}", lambda code: checks.luhn(code[-10:])),  # SE
        ("NATIONAL_ID", r"\d\d[01]\d[0-3]\d-[1-8]\d{6}", _always),  # KR
        ("NATIONAL_ID", r"[A-Z][AEIOUX][A-Z]{2}\d\d[01]\d[0-3]\d[HM][A-Z]{5}[A-Z0-9]\d", _always),  # Mexico's CURP
        ("NATIONAL_ID", r"\d{7}[A-W][A-IW]?", checks.irish),
    )
)
# Unannounced passports: letters and more digits than a flight number or a booking reference ever has.
_PASSPORTS = re.compile(
    _AROUND.format(
        r"(?:[A-Z]{1,2}\d{7,8}|[A-Z]{2}\d{6}|[A-Z]{3}\d{6}|\d\d[A-Z]{2}\d{5}|[A-Z]{2}\d{5}[A-Z]\d|"
        r"[CFGHJK](?=[CFGHJKLMNPRTVWXYZ0-9]{8}(?!\w))(?=\w*\d\w*\d\w*\d)[CFGHJKLMNPRTVWXYZ0-9]{8})"
    )
)

# What a word beside a number says that it is, a journey's own numbers too; of two at one place the first counts.
_KINDS = {
    "PASSPORT": WORDS.passport,
    "SSN": WORDS.ssn,
    "IBAN": WORDS.bank_account,
    "NATIONAL_ID": WORDS.national_id,
    "PHONE": WORDS.phone,
    "TRAVEL": WORDS.travel,
}
_KEYWORDS = re.compile(rf"\b(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in _KINDS.items())})\b")
_CODE = re.compile(
    r"(?<![\w+])(?:[A-Za-z]{1,4}|(?!NO|ID|IS|NR|NI|AT|TO|IN|ON|OF|BY|MY|AM|PM)[A-Z]{1,2}[ -])?"
    r"\d[\dA-Za-z]*(?:[ .\-/]{1,2}\d[\dA-Za-z]*)*(?:-[A-Za-z])?(?!\w)"
)
_ENOUGH_DIGITS = re.compile(r"(?:\d\D{0,3}){6}|[A-Z]{5}\d{4}", re.I)
# Letters among the digits, as the Dutch and the Germans have; a promo code has its digits last.
_MIXED = re.compile(r"(?<![\w+])(?=(?:[A-Z]*\d){3})(?=[A-Z]+\d+[A-Z])[A-Z0-9]{8,12}(?!\w)", re.I)
_AREA_CODE = re.compile(r"(?:\(|\(\d{1,5}\)[ ]?)?\Z")
_RANGE = re.compile(r"\d{1,3}-\d{1,3}")  # of counters
_FEWEST_DIGITS = {"PASSPORT": 5, "SSN": 9, "NATIONAL_ID": 5, "IBAN": 7, "PHONE": 7}
_REACH = 60


def find_ibans(scan: Scan) -> None:
    for start in list(_IBAN_START.finditer(scan.text)):
        length = _IBAN_LENGTHS.get(start.group(1).upper())
        span = length and _alnums(scan.text, start.start(), length)
        if not span:
            continue
        code, end = span
        said = _IBAN_WORD.search(scan.text, max(0, start.start() - 40), start.start())
        if (code.isascii() and checks.iban(code)) or (said and sum(map(str.isdigit, code)) > 10):
            scan.take(start.start(), end, "IBAN")


def _alnums(text: str, start: int, wanted: int) -> tuple[str, int] | None:
    """The next `wanted` letters and digits from `start`, with single spaces, dots or dashes between, and their end."""
    code, place, gap = "", start, 0
    while place < len(text) and len(code) < wanted:
        if _ALNUM.match(text[place]) and text[place].isascii():
            code, gap = code + text[place], 0
        elif text[place] in " -." and not gap:
            gap = 1
        else:
            return None
        place += 1
    if len(code) < wanted or (place < len(text) and text[place].isalnum()):
        return None
    return code.upper(), place


def find_documents(scan: Scan) -> None:
    """Documents that their shape and check digits tell."""
    if not _ENOUGH_DIGITS.search(scan.text):
        return
    for kind, shape, check in _SHAPES:
        for hit in shape.finditer(scan.text):
            code = "".join(each for each in hit.group().upper() if each.isalnum())
            if check(code):
                near = _keyword(scan.text, hit.start(), hit.end())
                scan.take(*hit.span(), "PASSPORT" if kind == "NATIONAL_ID" and near == "PASSPORT" else kind)


def find_announced(scan: Scan) -> None:
    """Codes that the nearest word says what they are; those of a journey are set aside."""
    text = scan.text
    if not (MANY_DIGITS.search(text) or _MIXED.search(text)):
        return
    keywords = [(hit.start(), hit.end(), str(hit.lastgroup)) for hit in _KEYWORDS.finditer(lowered(text))]
    if not keywords:
        return
    for hit in _CODE.finditer(text):
        kind = _nearest(keywords, hit.start(), hit.end())
        digits = sum(each.isdigit() for each in hit.group())
        if kind == "TRAVEL":
            scan.set_aside(*hit.span())
        elif kind == "PHONE" and digits >= _FEWEST_DIGITS[kind] - 4:
            start = _AREA_CODE.search(text, max(0, hit.start() - 8), hit.start()).start()
            end = phone_at(text, start)
            if end:  # brackets and all
                scan.take(start, end, kind)
        elif kind and _FEWEST_DIGITS[kind] <= digits <= 20:
            if not _RANGE.fullmatch(hit.group()):
                scan.take(*hit.span(), kind)
        elif kind in ("PASSPORT", "NATIONAL_ID") and _MIXED.fullmatch(hit.group()):
            scan.take(*hit.span(), kind)


def _keyword(text: str, start: int, end: int) -> str | None:
    low = max(0, start - _REACH)
    hits = _KEYWORDS.finditer(lowered(text[low : end + 30]))
    return _nearest([(low + hit.start(), low + hit.end(), str(hit.lastgroup)) for hit in hits], start, end)


def _nearest(keywords: list[tuple[int, int, str]], start: int, end: int) -> str | None:
    """The kind of the last keyword before the code; without one, of the first behind it."""
    before = [kind for first, last, kind in keywords if last <= start and start - last <= _REACH]
    if before:
        return before[-1]
    return next((kind for first, last, kind in keywords if first >= end and first - end <= 25), None)


def find_passports(scan: Scan) -> None:
    """Passport numbers that nobody announced."""
    for hit in _PASSPORTS.finditer(scan.text):
        scan.take(*hit.span(), "PASSPORT")
