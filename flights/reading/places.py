"""Which places a sentence names, and which of them is the origin and which the destination.

Reads gazetteer mentions (flights/airports.py) and the spans the NLU model marked; writes `origin`, `destination` and,
for a name that stands for several places, `place_choice`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flights.airports import Match, find, place, same_city, scan
from flights.places.names import area_name, place_label, place_name
from flights.reading.choices import says_neither
from flights.reading.sentence import Context, Reading, Span
from flights.reading.words import Words, pattern, words

ENDS = ("origin", "destination")
OTHER_END = {"origin": "destination", "destination": "origin"}


@dataclass(frozen=True)
class Named:
    """One place as said, with the role its words gave it."""

    span: Span
    match: Match
    role: str | None = None
    negated: bool = False

    @property
    def code(self) -> str:
        return self.match.places[0].code


def _usable(match: Match) -> bool:
    return match.known and not match.area


def _exclaimed(text: str, span: Span, context: Context) -> bool:
    """ "Nice. Which airport?" names no city."""
    return (
        context.asked not in ENDS
        and not text[: span.start].strip()
        and bool(pattern(words(context.language).exclamation).search(span.text))
        and text[span.end :].strip()[:1] in (".", "!", ",", "")
    )


def named_places(text: str, context: Context, taken: tuple[Span, ...]) -> tuple[list[Named], list[Span]]:
    """Places in order of the sentence, and spans that were meant as places but that nobody knows."""
    named, unknown, table = [], [], words(context.language)
    for mention in scan(text, language=context.language):
        span = Span(mention.start, mention.end, mention.text, "city")
        if _exclaimed(text, span, context):
            continue
        if any(span.overlaps(other) for other in taken):
            continue
        if mention.match.area:
            unknown.append(span)
        elif _usable(mention.match):
            named.append(Named(span, mention.match))
    for span in context.spans:
        if span.kind not in ("city", "airport") or any(span.overlaps(other) for other in taken):
            continue
        inside = [each for each in named if span.overlaps(each.span)]
        if any(span.overlaps(other) for other in unknown):
            continue
        if inside:
            if span.role and len(inside) == 1:
                index = named.index(inside[0])
                named[index] = replace(inside[0], role=inside[0].role or f"model:{span.role}")
            continue
        match = find(span.text)
        if match.exact and match.places[0].rank > 5 and not span.text[:1].isupper():
            continue  # a hamlet that happens to be called like a word
        if _usable(match):
            named.append(Named(span, match, role=f"model:{span.role}" if span.role else None))
        else:
            unknown.append(span)
    if not named and context.asked in ENDS and not unknown and not taken:
        bare = pattern(table.before_bare_place).sub("", text)
        bare = pattern(table.after_bare_place).sub("", bare)
        if pattern(table.yes).fullmatch(bare) or pattern(table.no).fullmatch(bare):
            return named, unknown
        if 2 < len(bare) <= 40 and len(bare.split()) <= 4:
            match, span = find(bare), Span(0, len(text), bare, "city")
            if _usable(match):
                named.append(Named(span, match))
            elif context.intent in ("inform", "search_flights", "nlu_fallback", "out_of_scope", None):
                unknown.append(span)
    return sorted(named, key=lambda each: each.span.start), unknown


def _role_of(text: str, index: int, named: list[Named], table: Words) -> str | None:
    """The role that the words around place `index` give it, None when they say nothing."""
    each = named[index]
    floor = named[index - 1].span.end if index else 0
    before, after = text[floor : each.span.start], text[each.span.end :]
    if pattern(table.before_destination).search(before):
        return "destination"
    if pattern(table.before_origin).search(before):
        return "origin"
    if index and pattern(r"^\s*(?:-|–|—|→|->|>|/)+\s*$").search(before):
        return "destination"
    if index == 0 and len(named) > 1:
        gap = text[each.span.end : named[1].span.start]
        if pattern(rf"^\s*(?:-|–|—|→|->|>|{table.from_to})+\s*$").search(gap) or pattern(table.between).search(before):
            return "origin"
    if (
        index
        and pattern(table.and_).search(before)
        and pattern(table.between).search(text[: named[index - 1].span.start])
    ):
        return "destination"
    if pattern(table.after_destination).search(after):
        return "destination"
    if pattern(table.after_origin).search(after):
        return "origin"
    return None


def _with_roles(text: str, named: list[Named], table: Words) -> list[Named]:
    result = []
    for index, each in enumerate(named):
        before, after = text[: each.span.start], text[each.span.end :]
        negated = bool(pattern(table.not_before).search(before) or pattern(table.not_after).search(after))
        role = None if negated else _role_of(text, index, named, table)
        result.append(replace(each, role=role or each.role, negated=negated))
    return result


def _corrected(text: str, context: Context) -> str | None:
    """The end that "actually, make it Porto" corrects while the other one is asked for."""
    other = OTHER_END.get(context.asked or "")
    if other and context.known.get(other) and not context.known.get(context.asked):
        return other if pattern(words(context.language).correction).search(text) else None
    return None


def _fill_free(
    named: list[Named],
    context: Context,
    values: dict[str, Named],
    reading: Reading,
    *,
    bare: bool,
    corrected: str | None,
) -> None:
    """Give places without a role of their own the one that is asked for, then the one that is missing.

    In a `bare` answer ("Rome") there are no words from which the model could know a role.
    """
    choice = context.known.get("place_choice")
    chosen_end = choice["slot"] if context.asked == "place_choice" and choice else None
    known = {end: context.known.get(end) for end in ENDS}
    for each in named:
        if any(each is taken for taken in values.values()):
            continue
        hint = each.role.split(":")[1] if each.role and not bare else None
        repeated = [end for end in ENDS if known[end] and same_city(each.code, known[end])]
        if repeated and context.asked not in ENDS and not hint:
            reading.repeated.append(repeated[0])
            continue
        if chosen_end and chosen_end not in values:
            end = chosen_end
        elif corrected and len(named) == 1:
            end = corrected
        elif context.asked in ENDS and context.asked not in values and len(named) == 1:
            end = context.asked
        elif hint and hint not in values:
            end = hint
        elif context.asked in ENDS and context.asked not in values:
            end = context.asked
        else:
            free = [end for end in ("destination", "origin") if end not in values and not known[end]]
            end = free[0] if free else ("destination" if "destination" not in values else "origin")
        if end not in values:
            values[end] = each


def read_places(text: str, context: Context, reading: Reading, *, taken: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    """Fill `origin` and `destination`; returns the spans used."""
    table = words(context.language)
    if _answer_choice(text, context, reading):
        return (Span(0, len(text), text, "city"),)
    named, unknown = named_places(text, context, taken)
    if not named and not unknown and pattern(table.swap).search(text):
        _swap(context, reading)
        return ()
    named = _with_roles(text, named, table)
    denied = [each for each in named if each.negated]
    said = [each for each in named if not each.negated]
    values: dict[str, Named] = {}
    for each in said:  # a later word corrects an earlier one: "to Rome, no, to Milan"
        if each.role in ENDS:
            values[each.role] = each
    for each in denied:  # "Lisbon, not Porto": Lisbon takes the place of Porto
        for end in ENDS:
            current = context.known.get(end)
            free = [other for other in said if other.role not in ENDS]
            if current and same_city(each.code, current) and end not in values and len(free) == 1:
                values[end] = free[0]
    bare = len(said) == 1 and len(text.strip(" .,!?")) <= len(said[0].span.text) + 4
    _fill_free(
        [each for each in said if each.role not in ENDS],
        context,
        values,
        reading,
        bare=bare,
        corrected=_corrected(text, context),
    )
    _store(values, context, reading)
    for span in unknown:
        match = find(span.text)
        slot = span.role or (context.asked if context.asked in ENDS else None)
        if slot not in reading.values:
            kind = "which_city" if match.area else "unknown_place"
            suggestions = [place_label(each.code, context.language) for each in match.places[:3]]
            name = area_name(match.area, context.language) or span.text[:60]
            reading.problem(kind, slot, name=name, suggestions=suggestions)
    return tuple(each.span for each in named)


def _swap(context: Context, reading: Reading) -> None:
    """ "The other way round": what was the origin is the destination, and a choice among places goes with its end."""
    ends = {end: context.known.get(OTHER_END[end]) for end in ENDS}
    if any(ends.values()):
        reading.values |= ends
        choice = context.known.get("place_choice")
        if isinstance(choice, dict):
            reading.values["place_choice"] = {**choice, "slot": OTHER_END[choice["slot"]]}


def _store(values: dict[str, Named], context: Context, reading: Reading) -> None:
    ends = {end: context.known.get(end) for end in ENDS}
    for end in ENDS:
        if end in values:
            ends[end] = values[end].code
    if values and ends["origin"] and ends["destination"] and same_city(ends["origin"], ends["destination"]):
        # What was said last holds; of two said at once the origin does. The other end is asked for again.
        keep = "origin" if len(values) == 2 else next(iter(values))
        values.pop(OTHER_END[keep], None)
        reading.problem("same_city", OTHER_END[keep], city=place_name(place(ends[keep]), context.language))
        reading.values[OTHER_END[keep]] = None
    for end, each in values.items():
        reading.values[end] = each.code
        if each.match.ambiguous:
            options = [option.code for option in each.match.places[:4]]
            reading.values["place_choice"] = {"slot": end, "options": options, "name": each.span.text}


def _answer_choice(text: str, context: Context, reading: Reading) -> bool:
    """The answer to "which Portland?": an option's place by code, region, country, number or a plain yes."""
    choice = context.known.get("place_choice")
    if context.asked != "place_choice" or not isinstance(choice, dict):
        return False
    options = [place(code) for code in choice["options"]]
    table = words(context.language)
    for number, option in enumerate(options, start=1):
        ordinal = next(expression for expression, value in table.ordinals if value == number)
        said = table.ordinal_choice.replace("@ordinal", ordinal)
        if pattern(rf"\b{option.code}\b|^\W*(?:{number}|{said})\W*$").search(text):
            return _choose(option.code, choice, reading)
    told = pattern(table.before_choice).sub("", text.strip(" .!?"))
    combined = find(f"{choice['name']}, {told}")
    if combined.exact and not combined.ambiguous and combined.places[0].code in choice["options"]:
        return _choose(combined.places[0].code, choice, reading)
    if pattern(table.yes).search(text) and len(text) < 30 and not says_neither(text, context):
        return _choose(options[0].code, choice, reading)
    return False


def _choose(code: str, choice: dict, reading: Reading) -> bool:
    reading.values[choice["slot"]] = code
    reading.values["place_choice"] = {**choice, "done": True}
    return True
