"""Who travels and how to reach them: name, e-mail, phone.

Writes `passenger_name`, `contact_email`, `contact_phone` when asked for, and e-mail and name also when offered.
"""

from __future__ import annotations

from flights.reading.sentence import Context, Reading
from flights.reading.words import Words, pattern, small_in_names, words

# What stands for an address or a number that was masked on its way in; whether it is one was checked there.
TOKEN = r"\[[A-Z_]+:\d+\]"
EMAIL_TOKEN = r"\[EMAIL:\d+\]"
PHONE_TOKEN = r"\[PHONE:\d+\]"
# Asked for a phone, a number taken for that of a document is the phone.
NUMBER_TOKEN = r"\[(?:PHONE|NATIONAL_ID|SSN|PASSPORT):\d+\]"
EMAIL = r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
PHONE = r"(?:\+|00)?\(?\d(?:[\s().\-/]*\d){6,14}"
# Outside the question for it, a number counts as a phone when it is written or announced as one.
ANNOUNCED_PHONE = rf"(?:\+|\b(?:@phone)\b\D{{0,20}})({PHONE})"
NAME_WORD = r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-][^\W\d_]+)*\.?"


def read_person(text: str, context: Context, reading: Reading) -> None:
    if hit := pattern(rf"{EMAIL_TOKEN}|{EMAIL}").search(text):
        reading.values["contact_email"] = hit.group().rstrip(".")
    elif context.asked == "contact_email" and _is_an_attempt(text, context):
        reading.problem("not_an_email", "contact_email")
    if context.asked == "contact_phone":
        if hit := pattern(rf"{NUMBER_TOKEN}|{PHONE}").search(text):
            reading.values["contact_phone"] = hit.group().strip()
        elif _is_an_attempt(text, context):
            reading.problem("not_a_phone", "contact_phone")
    elif hit := pattern(PHONE_TOKEN).search(text):
        reading.values["contact_phone"] = hit.group()
    elif hit := pattern(ANNOUNCED_PHONE.replace("@phone", words(context.language).phone_is)).search(text):
        start = hit.start(1) - (text[hit.start(1) - 1] == "+")
        reading.values["contact_phone"] = text[start : hit.end(1)].strip()
    _read_name(text, context, reading)


def _is_an_attempt(text: str, context: Context) -> bool:
    """Whether a failed answer was meant as one: no digression, and it has a digit or an at sign."""
    return context.intent in ("inform", "nlu_fallback", "out_of_scope", None) and any(
        c.isdigit() or c == "@" for c in text
    )


def _read_name(text: str, context: Context, reading: Reading) -> None:
    table = words(context.language)
    if context.asked != "passenger_name":
        hit = pattern(table.name_said).search(text)
        if hit and (name := _name_in(text[hit.end() :], context)):
            reading.values["passenger_name"] = name
        return
    rest = text
    if hit := pattern(table.my_name_is).search(text):
        rest = text[hit.end() :]
    if name := _name_in(rest, context):
        reading.values["passenger_name"] = name
    elif context.intent in ("inform", "nlu_fallback", "out_of_scope", None) and is_half_a_name(rest, context.language):
        reading.problem("not_a_name", "passenger_name")


def is_half_a_name(text: str, language: str) -> bool:
    """One word that could be a first name, or something with digits in it."""
    text = text.strip(" .!?")
    word = pattern(NAME_WORD).fullmatch(text) and not pattern(words(language).not_a_name).search(text)
    return bool(word) or (any(each.isdigit() for each in text) and "@" not in text)


def _names_a_cabin(text: str, table: Words) -> bool:
    """Whether somebody wants "business class instead"; a cabin of one word may be a name: Umberto Eco."""
    hits = (hit for expression, _ in table.cabins for hit in pattern(rf"\b(?:{expression})").finditer(text))
    return any(len(hit.group().split()) > 1 for hit in hits)


def _name_in(text: str, context: Context) -> str | None:
    """A first and a last name at the start of `text`, None when it reads like something else."""
    table = words(context.language)
    text = pattern(rf"^\W*(?:{table.title})\.?\s+").sub("", pattern(rf"{TOKEN}|{EMAIL}").sub(" ", text))
    text = pattern(table.behind_full_name).sub("", text.strip(" .!?\t"))
    text = text.split(",")[0].split(";")[0].split("\n")[0].strip(" .!?\t")
    parts = text.split()
    if not 2 <= len(parts) <= 5 or len(text) > 70:
        return None
    if not all(pattern(rf"^{NAME_WORD}$").match(part) for part in parts):
        return None
    if pattern(table.not_a_name).search(text) or _names_a_cabin(text, table):
        return None
    small = pattern(small_in_names())  # "Ana de la Torre", but "Van Morrison"
    inside = [part if small.fullmatch(part) else _capital(part) for part in parts[1:-1]]
    return " ".join([_capital(parts[0]), *inside, _capital(parts[-1])])


def _capital(part: str) -> str:
    return part if part[:1].isupper() else part.capitalize()
