"""Dates of birth, when said as such: a travel date is none of these."""

from __future__ import annotations

import re

from skycap.privacy.scan import Scan

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|ene|abr|ago|dic|fév|avr|juin|juil|août|"
    r"gennaio|maggio|giugno|luglio|settembre|ottobre|fevereiro|maio|setembro|outubro|maart|mei)"
    r"[^\W\d_]{0,8}\.?"
)
_ORDINAL = (
    r"(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º|°)?|{_ORDINAL})"
_YEAR = r"(?:,?[ ]?(?:of |in |de |del )?(?:(?:19|20)\d\d|'\d\d)\b|[ ]del?[ ]\d\d\b)"
_NUMBERS = r"\d{1,4}[ ]?[-./ ][ ]?\d{1,2}[ ]?[-./ ][ ]?\d{1,4}\b|(?:19|20)\d{6}\b|[0-3]\d[01]\d(?:19|20)\d\d\b"
WORDED = "|".join(
    (
        rf"{_DAY}[ -]?(?:of |de )?{_MONTH}{_YEAR}?(?:[ -]?\d{{2,4}}\b)?",
        rf"{_MONTH}[ -](?:the )?{_DAY}\b{_YEAR}?",
        rf"{_MONTH}{_YEAR}",
        rf"(?:19|20)\d\d[ -]{_MONTH}[ -]?\d{{1,2}}\b",
    )
)
DATE = rf"(?:{_NUMBERS}|{WORDED})"
_BETWEEN = (
    r"(?:\W{0,3}(?:is|was|on|in|the|it's|its|are|ist|war|am|es|el|le|il|em|op|den|dnia|est|è|é|"
    r"being|of|mine|my|i|-|:|=)(?=\W)){0,4}\W{0,3}"
)
_WORD = (
    r"(?:born|d\.?o\.?b(?:s|\b\.?)|dates? of birth|birth ?date|day of birth|"
    r"birth ?day(?:'s|s)?(?: is| was| are| falls on|:|=)|b-?day(?: is|:)|geboren|geb\.|geburtsdat(?:um|en)|"
    r"geburtstag ist|nacimiento|nac\.|nac(?:ido|ida|í|i[óo]|ieron)|"
    r"cumplea[ñn]os(?: es| fue|:)|naissance|née?s?|nascita|nat[oa]|nascimento|nascid[oa]|nasci|"
    r"nasceu|geboortedatum|data urodzenia|urodzon[ya]|f[øo]dselsdato|født|födelsedatum|född|"
    r"生年月日|出生日期|дата рождения|родил(?:ся|ась))"
)
_SAID = re.compile(rf"\b{_WORD}(?=\W){_BETWEEN}({DATE})", re.I)
_ANOTHER = re.compile(rf"[ ]?(?:,|;|/|&|\band\b|\bund\b|\by\b|\bet\b)[ ]?({DATE})", re.I)
# "born in Berlin on …", "date of birth of the second passenger is …": with words between it takes a year of the past.
_FAR = re.compile(rf"\b{_WORD}(?=\W)[^\d\0.!?\n]{{0,50}}?\b({DATE})", re.I)
_BIRTHDAY_OF_A_YEAR = re.compile(
    rf"\b(?:birth ?day(?:'s)?|b-?day|b\.|geburtstag|cumplea[ñn]os|anniversaire)(?=\W){_BETWEEN}({DATE})", re.I
)
_AFTERWARDS = re.compile(
    r"\b(?:date of birth|birth ?date|d\.?o\.?b\b|birth ?day|when (?:i|he|she|we|they) (?:was|were) born|geboren|"
    r"geburts\w+|fecha de nacimiento)",
    re.I,
)
_BEFORE_IT = re.compile(
    rf"\b({DATE})[ ,(\-:]{{1,3}}(?:(?:is|was|as|being|for) )?(?:(?:my|the|his|her|our|their) )?(?:\w{{2,12}}'s )?$",
    re.I,
)
# Nobody travels then: said alone, as the answer to a question or a field of metadata, it is when somebody was born.
_WHOLE_DATE = re.compile(
    rf"(?<![\w.+-])(?:(?:19\d\d|200\d)([-./])[01]?\d\1[0-3]?\d|[0-3]?\d([-./])[0-3]?\d\2(?:19\d\d|200\d)|"
    rf"{_DAY}[ -]?(?:of |de )?{_MONTH},?[ -]?(?:of |de |del )?(?:19\d\d|200\d)|"
    rf"{_MONTH}[ -](?:the )?{_DAY},?[ ](?:19\d\d|200\d))(?![\w]|[-./]\d)",
    re.I,
)
_PAST_YEAR = re.compile(r"(?:19\d\d|200\d|201\d|202[0-4])(?!\d)|(?<=[-./' ])[3-9]\d$")
_HINTS = (
    "born",
    "birth",
    "dob",
    "d.o",
    "bday",
    "b-day",
    "b day",
    "gebor",
    "geb.",
    "geburt",
    "nac",
    "生年月日",
    "出生日期",
    "рожд",
    "родил",
    "b.",
    "né",
    "naiss",
    "annivers",
    "nat",
    "nasc",
    "cumple",
    "geboor",
    "urodz",
    "fød",
    "föd",
    "fods",
)


def find_births(scan: Scan) -> None:
    if alone := _WHOLE_DATE.fullmatch(scan.text.strip()):
        start = scan.text.index(alone.group())
        scan.take(start, start + len(alone.group()), "DATE_OF_BIRTH")
    lowered = scan.text.lower()
    if not any(hint in lowered for hint in _HINTS):
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
