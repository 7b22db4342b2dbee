"""Which of the flights on the screen the traveller means, and whether a question was answered yes or no.

Reads the flights shown and what was asked; writes `selected_flight`, `confirm_trip` and `confirm_booking`.
"""

from __future__ import annotations

from flights.reading.sentence import Context, Reading, Shown, Span
from flights.reading.words import pattern, words
from flights.times import find_times
from flights.trip import SEARCH

CONFIRMATIONS = ("confirm_trip", "confirm_booking")
TRIP = frozenset(SEARCH)


def says_yes(text: str, context: Context) -> bool:
    """Whether the sentence agrees: by the model's intent, or by its first word."""
    return context.intent in ("affirm", "choose_flight") or bool(pattern(words(context.language).yes).search(text))


def says_no(text: str, context: Context) -> bool:
    return context.intent == "deny" or bool(pattern(words(context.language).no).search(text))


def says_neither(text: str, context: Context) -> bool:
    """Whether somebody hesitates or takes leave: a model hears a yes in "hmm well", and "ok, bye" begins with one."""
    table = words(context.language)
    return any(pattern(expression).search(text) for expression in (table.undecided, table.takes_leave))


def is_question(text: str, context: Context) -> bool:
    return text.rstrip().endswith("?") or bool(pattern(words(context.language).question).search(text))


def read_choice(text: str, context: Context, reading: Reading, airlines: tuple[Span, ...]) -> None:
    """Fill `selected_flight` when the sentence points at a flight shown."""
    if not context.shown or context.intent in ("more_options", "stop", "deny", "faq", "help", "repeat"):
        return
    asked = context.asked == "selected_flight"
    chooses = context.intent == "choose_flight"
    if not (asked or chooses) or (
        TRIP & set(reading.values) - {"airline", "departure_time", "nonstop"} and not chooses
    ):
        return
    if is_question(text, context) and not chooses and not pattern(words(context.language).yes).search(text):
        return
    chosen, number = _pointed_at(text, context, airlines)
    if chosen:
        reading.values["selected_flight"] = chosen.id
    elif number:
        reading.problem("no_such_option", "selected_flight", number=number)
    elif asked and not TRIP & set(reading.values) and _accepts(text, context):
        reading.values["selected_flight"] = context.shown[0].id


def _accepts(text: str, context: Context) -> bool:
    if says_no(text, context) and context.intent not in ("affirm", "choose_flight"):
        return False
    if says_neither(text, context):
        return False
    return says_yes(text, context) or bool(pattern(words(context.language).accept).search(text))


def _pointed_at(text: str, context: Context, airlines: tuple[Span, ...]) -> tuple[Shown | None, int | None]:
    """The flight that the words single out; or the number they name when there is no such flight."""
    table, shown = words(context.language), context.shown
    for expression, value in table.ordinals:
        if pattern(rf"\b(?:{expression})\b(?!{table.not_ordinal})").search(text):
            if value == -1:
                return shown[-1], None
            return (shown[value - 1], None) if value <= len(shown) else (None, value)
    if hit := pattern(table.option_number).search(text):
        value = int(hit.group(1))
        return (shown[value - 1], None) if value <= len(shown) else (None, value)
    for each in shown:
        if each.id.lower() in text.lower():
            return each, None
    pool = list(shown)
    if airlines:
        pool = [each for each in pool if each.carrier == airlines[-1].value]
    if pattern(table.nonstop).search(text):
        pool = [each for each in pool if each.stops == 0] or pool
    superlatives = (
        (table.cheapest, lambda each: each.price_cents),
        (table.fastest, lambda each: each.duration_minutes),
        (table.earliest, lambda each: each.departs),
    )
    for expression, key in superlatives:
        if pool and pattern(expression).search(text):
            return min(pool, key=key), None
    if pool and pattern(table.latest).search(text):
        return max(pool, key=lambda each: each.departs), None
    for time in find_times(text, locale=context.language):
        near = [each for each in pool if _at(each, time.earliest, time.latest, time.exact)]
        if near:
            return near[0], None
    if airlines and len(pool) >= 1 and (context.intent == "choose_flight" or pattern(table.that_one).search(text)):
        return pool[0], None
    return None, None


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _at(each: Shown, earliest: str | None, latest: str | None, exact: bool) -> bool:
    departs = _minutes(each.departs)
    if exact and earliest:
        wanted = _minutes(earliest)
        return abs(departs - wanted) < 10 or abs(departs - (wanted + 720) % 1440) < 10 or departs // 60 == wanted // 60
    return _minutes(earliest or "00:00") <= departs <= _minutes(latest or "23:59")


def read_confirmation(text: str, context: Context, reading: Reading) -> None:
    """Fill the confirmation asked for. A yes that changes a detail ("yes, but on Friday") is a change, not a yes."""
    changed = {slot for slot, value in reading.values.items() if context.known.get(slot) != value}
    if context.asked not in CONFIRMATIONS or changed & TRIP or reading.problems:
        return
    if any(context.known.get(slot) is not None for slot in changed):
        return  # "no, the second one", "yes, but the name is Ann Smith": what is to be confirmed has changed
    if "selected_flight" in reading.values and not pattern(words(context.language).yes).search(text):
        return  # "the first one", once more
    no = pattern(words(context.language).no).search(text)
    if (no or context.intent == "deny") and context.intent not in ("affirm", "choose_flight"):
        reading.values[context.asked] = False
    elif context.intent in ("stop", "more_options", "help", "repeat", "handoff", "faq", "chitchat", "out_of_scope"):
        return
    elif _agrees(text, context) and not says_neither(text, context):
        reading.values[context.asked] = True


def _agrees(text: str, context: Context) -> bool:
    table = words(context.language)
    if is_question(text, context) and not pattern(table.yes).search(text):
        return False
    return says_yes(text, context) or bool(pattern(table.accept).search(text))
