"""How many people, which cabin, airline and kind of flight a sentence asks for.

Writes `passengers`, `cabin`, `airline`, `excluded_airlines`, `nonstop` and `refundable`.
"""

from __future__ import annotations

from flights.airlines import find_airlines
from flights.people import find_passengers
from flights.reading.sentence import Context, Reading, Span
from flights.reading.words import Words, pattern, words

MOST_PASSENGERS = 9


def airline_spans(text: str) -> tuple[Span, ...]:
    """The airlines a sentence names."""
    return tuple(Span(start, end, text[start:end], "airline", code) for start, end, code in find_airlines(text))


def read_passengers(text: str, context: Context, reading: Reading, *, taken: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    without_days = text
    for each in taken:  # in "for two December 8" the day hides where the number ends
        without_days = f"{without_days[: each.start]},{' ' * (each.end - each.start - 1)}{without_days[each.end :]}"
    found = find_passengers(without_days, asked=context.asked == "passengers", locale=context.language)
    if not found or pattern(words(context.language).not_with).search(text[: found.start]):
        return ()
    count = found.count
    if found.added:  # on top of those known to fly; before anybody was counted there is the traveller
        known = context.known.get("passengers")
        if count < 0 and not known:
            return ()
        count += int(known or 1)
    span = Span(found.start, found.end, found.text, "passengers", count)
    if any(span.overlaps(other) for other in taken):
        return ()
    if count < 1:
        reading.problem("no_passengers", "passengers")
    elif count > MOST_PASSENGERS:
        reading.problem("too_many_passengers", "passengers", count=count)
    else:
        reading.values["passengers"] = count
    return (span,)


def read_cabin(text: str, context: Context, reading: Reading) -> tuple[Span, ...]:
    table = words(context.language)
    spans: list[Span] = []
    for expression, cabin in table.cabins:
        for hit in pattern(rf"\b(?:{expression})").finditer(text):
            span = Span(hit.start(), hit.end(), hit.group(), "cabin", cabin)
            if not any(span.overlaps(other) for other in spans):
                spans.append(span)
    spans.sort(key=lambda each: each.start)
    refused = [each for each in spans if pattern(table.not_before).search(text[: each.start])]
    wanted = [each for each in spans if each not in refused]
    if (
        pattern(table.any_cabin).search(text)
        or len({each.value for each in wanted}) > 1
        and _either(text, wanted, table)
    ):
        reading.values["cabin"] = "any"
    elif wanted:
        reading.values["cabin"] = wanted[-1].value
    elif refused and context.known.get("cabin") == refused[-1].value:
        reading.values["cabin"] = "any"
    return tuple(spans)


def _either(text: str, spans: list[Span], table: Words) -> bool:
    between, before = text[spans[0].end : spans[-1].start], text[: spans[0].start]
    return bool(pattern(table.or_between).search(f" {between} ") or pattern(table.either).search(before))


def read_airline(text: str, context: Context, reading: Reading, spans: tuple[Span, ...]) -> None:
    table = words(context.language)
    refused = [
        each
        for each in spans
        if pattern(table.not_before).search(text[: each.start]) or pattern(table.not_after).search(text[each.end :])
    ]
    wanted = [each for each in spans if each not in refused]
    if pattern(table.any_airline).search(text):
        reading.values["airline"] = "any"
    elif wanted:
        reading.values["airline"] = wanted[-1].value
    elif refused:
        excluded = {*(context.known.get("excluded_airlines") or ()), *(each.value for each in refused)}
        reading.values["excluded_airlines"] = sorted(excluded)
        if context.known.get("airline") in excluded:
            reading.values["airline"] = "any"
    if wanted and context.known.get("excluded_airlines"):
        left = [code for code in context.known["excluded_airlines"] if code != wanted[-1].value]
        reading.values["excluded_airlines"] = left or None


def read_kind(text: str, context: Context, reading: Reading) -> None:
    """Non-stop and refundable, wanted or not needed."""
    table = words(context.language)
    if pattern(table.stops_allowed).search(text):
        reading.values["nonstop"] = False
    elif pattern(table.nonstop).search(text):
        reading.values["nonstop"] = True
    if pattern(table.refund_not_needed).search(text):
        reading.values["refundable"] = False
    elif pattern(table.refundable).search(text):
        reading.values["refundable"] = True
