"""Whose booking: the reference and the last name in a sentence, and whether the traveller has none.

Writes nothing itself: flights/my_trip.py asks it only where a booking already made is the matter, so that no other
sentence is read for names.
"""

from __future__ import annotations

import re

from flights.reading.choices import says_no
from flights.reading.person import NAME_WORD
from flights.reading.sentence import Context, Problem, Span
from flights.reading.words import pattern, words

# As flights/bookings/records.py makes them: no vowels, no 0 and 1 (a test holds the two together).
ALPHABET = "BCDFGHJKLMNPQRSTVWXYZ23456789"
SIX = re.compile(r"(?<![\w@.+'’-])[A-Za-z0-9]{6}(?![\w@'’]|-\w)")
FLIGHT_NUMBER = re.compile(r"[A-Z][A-Z0-9]\d{4}")
VOWELLESS = {"RHYTHM", "SPHYNX", "CRYPTS", "NYMPHS", "PSYCHS"}  # words, though they look like references
# One character after the other, or in groups, as people read codes out: "K7Q X2M", "k-7-q-x-2-m".
SPELLED = re.compile(r"(?<![\w@.+'’])(?:[A-Za-z0-9]{1,3}[ .\-]+){1,5}[A-Za-z0-9]{1,3}(?![\w@])")
TRIED = re.compile(r"(?=\w*\d)(?=\w*[A-Za-z])\w{4,9}")
NOT_A_NAME = {"stop", "help", "repeat", "handoff", "goodbye", "faq", "flight_status", "ask_flight_detail"}
SURE = 0.6


def read_reference(text: str, context: Context) -> Span | None:
    """The booking reference a sentence names, in capitals; the last one, when one corrects another."""
    asked = context.asked == "trip_reference"
    table, found = words(context.language), None
    for hit in SIX.finditer(text):
        before, code = text[: hit.start()], hit.group().upper()
        flight = FLIGHT_NUMBER.fullmatch(code) and pattern(table.flight_number_is).search(before)
        if flight or pattern(table.not_before_reference).search(before):
            continue
        named = asked or bool(pattern(table.reference_is).search(before))
        if _is_reference(hit.group(), code, named=named, alone=asked and len(text.split()) == 1):
            found = Span(hit.start(), hit.end(), hit.group(), "booking_reference", code)
    if found or not asked:
        return found
    for hit in SPELLED.finditer(text):
        code = re.sub(r"[ .\-]", "", hit.group()).upper()
        if len(code) == 6 and set(code) <= {*ALPHABET} and any(each.isdigit() for each in code):
            return Span(hit.start(), hit.end(), hit.group(), "booking_reference", code)
    return None


def _is_reference(said: str, code: str, *, named: bool, alone: bool) -> bool:
    possible = set(code) <= {*ALPHABET} and code not in VOWELLESS
    letters, digits = any(each.isalpha() for each in said), any(each.isdigit() for each in said)
    if letters and digits:  # other letters too: a slip of the pen is an attempt like any other
        return named or (not FLIGHT_NUMBER.fullmatch(code) and (possible or said.isupper()))
    if letters:
        return possible and (named or said.isupper())
    return possible and alone


def proof_problem(text: str, context: Context) -> Problem | None:
    """Why an answer to the questions of proof cannot be one: none at hand, or no reference looks like that."""
    if pattern(words(context.language).lacks_proof).search(text) or says_no(text, context):
        return Problem("proof_needed")
    attempts = [each for each in re.findall(r"\w+", text) if TRIED.fullmatch(each)]
    if context.asked == "trip_reference" and len(attempts) == 1 and len(text.split()) <= 5:  # "K7QX2"
        return Problem("not_a_reference")
    return None


def read_last_name(text: str, context: Context, reference: Span | None = None) -> str | None:
    """The last name a sentence gives: announced ("under Smith"), behind the reference, or as the answer asked for."""
    table = words(context.language)
    if hit := pattern(table.last_name_is).search(text):
        rest = text[hit.end() :]
        if reference and reference.start >= hit.end():
            rest = text[hit.end() : reference.start]
        if name := _name(rest, context):
            return name
    if reference:
        after = pattern(table.name_after_reference).sub("", text[reference.end :])
        before = text[: reference.start]
        marked = [each.text for each in context.spans if each.kind == "name" and not each.overlaps(reference)]
        return next(filter(None, (_name(each, context) for each in (after, before, *marked))), None)
    if context.asked == "trip_last_name":
        if context.intent in NOT_A_NAME and context.confidence >= SURE:
            return None
        return _name(pattern(table.lead_in).sub("", text), context)
    if context.asked == "trip_reference" and pattern(table.i_meant).search(text):
        return _name(pattern(table.lead_in).sub("", text), context)
    return None


def _name(text: str, context: Context) -> str | None:
    """A name and nothing else, None when the words read like something else."""
    table = words(context.language)
    text = pattern(table.behind_a_name).sub("", text)
    text = pattern(rf"^(?:{table.title})\b\.?\s*").sub("", text.split(",")[0].split(";")[0].strip(" .!?\t/-:"))
    parts = text.split()
    if not 1 <= len(parts) <= 4 or len(text) > 60 or not all(re.fullmatch(NAME_WORD, part) for part in parts):
        return None
    if pattern(table.not_a_name).search(text) or pattern(table.not_a_last_name).search(text):
        return None
    return text
