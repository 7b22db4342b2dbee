"""E-mail and IP addresses."""

from __future__ import annotations

import ipaddress
import re

from skycap.privacy.scan import BLANK, Scan
from skycap.privacy.words import WORDS

LONGEST_NAME = 64
_NAME = re.compile(r"[\w.+'%&*=?^`{|}~!#$/-]")
_DOMAIN = re.compile(r"[^\W_](?:[\w-]{0,62})(?:\.[^\W_][\w-]{0,62}){0,5}")
_SPACED_DOMAIN = re.compile(r" ?[^\W_][\w-]{0,62}(?: ?\. ?[^\W_][\w-]{0,62}){1,4}")
AT_SIGNS, _DOTS = WORDS.at_signs, WORDS.dots
_AT = re.compile(rf"[ ]?[(\[{{<][ ]?(?:at|@|ät|a|{AT_SIGNS})[ ]?[)\]}}>][ ]?|[ ]+(?:at|{AT_SIGNS})[ ]+", re.I)
_DOT = rf"(?:[ ]?\.[ ]?|[ ]?[(\[{{<][ ]?(?:{_DOTS}|\.)[ ]?[)\]}}>][ ]?|[ ]+(?:{_DOTS})[ ]+)"
_SPOKEN_DOMAIN = re.compile(rf"[^\W_][\w-]{{0,62}}(?:{_DOT}[^\W_][\w-]{{1,62}}){{1,4}}", re.I)
_SPOKEN_DOT = re.compile(rf"[ (\[{{<](?:{_DOTS})[ )\]}}>]", re.I)
_SPOKEN_SIGN = (
    rf"(?:\.|[ ]?[(\[{{<][ ]?(?:{_DOTS})[ ]?[)\]}}>][ ]?|"
    rf"[ ]+(?:{_DOTS}|{WORDS.dashes})[ ]+)"
)
_SPOKEN_NAME = re.compile(rf"[\w+-]{{1,64}}(?:{_SPOKEN_SIGN}[\w+-]{{1,64}}){{0,4}}$", re.I)
_PROVIDER = re.compile(
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|live|icloud|me|aol|gmx|web|proton(?:mail)?|mail|zoho|yandex|msn)\.\w{2,4}\b",
    re.I,
)
# "Checked at skyscanner dot net": words that stand before a shop. A verb's subject or an article says the same.
_NOT_A_NAME = re.compile(WORDS.said_of_shops, re.I)
_BEFORE_A_VERB = re.compile(rf"(?<![\w']){WORDS.before_a_verb}[ ]+$", re.I)
_SENTENCE_ENDS = re.compile(r"[^ ]\. ([^\W_][\w-]*)$")  # "see you @ noon. Thanks"
_ENDINGS = re.compile(r"com|org|net|info|edu|eu|io|de|es|fr|it|nl|be|at|ch|pl|pt|uk|ie|co|us|ca|au|mx|br|ar")
_ONLY_DIGITS = re.compile(r"(?<![\w-])\d+$")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_NUMBERED_PART = re.compile(rf"(?<!\w){WORDS.chapters}[ .]{{0,2}}\d+(?:\.\d+){{3}}(?![\w.])", re.I)
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\.\d{1,3}){0,3}(?![\w:])", re.I)


def find_emails(scan: Scan) -> None:
    text = scan.text
    place = text.find("@")
    while place >= 0:
        _take_email_around(scan, place)
        place = text.find("@", place + 1)
    if "." in scan.text or _SPOKEN_DOT.search(scan.text):
        for hit in _AT.finditer(scan.text):
            _take_spoken(scan, hit)


def _take_email_around(scan: Scan, at: int) -> None:
    text, start = scan.text, at
    if start and text[start - 1] == " " and _SPACED_DOMAIN.match(text, at + 1):
        start -= 1  # "alice @ example.com"
    after_name = start
    while start and after_name - start < LONGEST_NAME and _NAME.match(text[start - 1]):
        start -= 1
    start = _without_leading_signs(text, start, after_name)
    domain = _DOMAIN.match(text, at + 1)
    if domain is None or ("." not in domain.group() and _SPACED_DOMAIN.match(text, at + 1)):
        domain = _SPACED_DOMAIN.match(text, at + 1)
    if start == after_name or domain is None or BLANK in text[start : domain.end()]:
        return
    if _ONLY_DIGITS.search(domain.group()):  # "two @ 199.99"
        return
    next_sentence = _SENTENCE_ENDS.search(domain.group())
    if next_sentence and not _ENDINGS.fullmatch(next_sentence.group(1)):
        return
    # Without a dot it is no address yet, and yet somebody's name as often as not.
    scan.take(start, domain.end(), "EMAIL" if "." in domain.group() else "HANDLE")


def _without_leading_signs(text: str, start: int, end: int) -> int:
    while start < end and not text[start].isalnum() and text[start] != "_":
        start += 1
    return start


def _take_spoken(scan: Scan, at: re.Match[str]) -> None:
    """ "alice (at) example dot com"; the bare word "at" needs a spoken dot or a known provider behind it."""
    text = scan.text
    domain = _SPOKEN_DOMAIN.match(text, at.end())
    name = _SPOKEN_NAME.search(text, max(0, at.start() - 2 * LONGEST_NAME), at.start())
    if domain is None or name is None or BLANK in text[name.start() : domain.end()]:
        return
    if _ONLY_DIGITS.search(domain.group()):  # "at 5 dot 30"
        return
    bare = at.group().strip().casefold() == "at"
    if at.group().strip()[1:-1].casefold() == "a" and " " in domain.group():  # "option (a) costs less. And"
        return
    if bare and not (_SPOKEN_DOT.search(domain.group()) or _PROVIDER.match(domain.group())):
        return
    if bare and _is_said_of_a_shop(text, name):
        return
    scan.take(name.start(), domain.end(), "EMAIL")


def _is_said_of_a_shop(text: str, name: re.Match[str]) -> bool:
    return (
        bool(_NOT_A_NAME.fullmatch(name.group()))
        or name.group().isdigit()
        or (name.group().isalpha() and bool(_BEFORE_A_VERB.search(text, max(0, name.start() - 20), name.start())))
    )


def find_ips(scan: Scan) -> None:
    for hit in _NUMBERED_PART.finditer(scan.text):
        scan.set_aside(*hit.span())
    for pattern in (_IPV6, _IPV4):  # the longer first: ::ffff:192.0.2.1
        for hit in pattern.finditer(scan.text):
            if _is_ip(hit.group()) and sum(each.isalnum() for each in hit.group()) >= 3:
                scan.take(*hit.span(), "IP")


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
