"""Which of the days a sentence names is the departure and which the return, one way or round trip, at what time.

Reads date and time mentions (flights/dates, flights/times); writes `departure_date`, `return_date`, `trip_type` and
`departure_time`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flights.dates import DateMention, find_dates, say_date
from flights.reading.sentence import Context, Reading, Span
from flights.reading.words import pattern, words
from flights.times import PARTS, find_times

LONGEST_AHEAD = timedelta(days=335)  # airlines open their schedules about eleven months ahead


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value[:4].isdigit() else None


def read_trip_type(text: str, context: Context, reading: Reading) -> None:
    """One way or round trip, as said. An earlier `return_date` is kept for those who change their mind back."""
    table = words(context.language)
    one_way = pattern(table.one_way).search(text) or pattern(table.no_return).search(text)
    round_trip = pattern(table.round_trip).search(text)
    if not round_trip and only_refuses_return(text, context):
        one_way = True
    if (
        one_way and round_trip
    ):  # "not a round trip, one way", "one way instead of a round trip": the refused one is named in a not
        refused = pattern(table.before_refused).search(text[: round_trip.start()])
        round_trip = None if refused else round_trip
        one_way = one_way if refused or not round_trip else None
    if round_trip:
        reading.values["trip_type"] = "round_trip"
    elif one_way:
        reading.values["trip_type"] = "one_way"


def only_refuses_return(text: str, context: Context) -> bool:
    """Whether a short no answers the question for the way back, without saying "one way"."""
    table = words(context.language)
    if context.asked != "return_date" or pattern(table.one_way).search(text) or pattern(table.no_return).search(text):
        return False
    return bool(pattern(table.no).search(text)) and len(text.split()) <= 4


def read_dates(text: str, context: Context, reading: Reading) -> tuple[Span, ...]:
    """Fill the dates; returns the spans used."""
    if _among_flights(context) and pattern(words(context.language).ordinal).fullmatch(text.strip(" .!?")):
        return ()  # "the second" of the flights on the screen
    known_departure = _day(context.known.get("departure_date"))
    known_return = _day(context.known.get("return_date"))
    mentions = _mentions(text, context, after=known_departure if context.asked == "return_date" else None)
    if _instead_of_departure(text, mentions, context):
        context = replace(context, asked="departure_date")
        mentions = _mentions(text, context, after=None)
    refused = _refused(text, mentions, context)
    same_day = known_departure and any(each.first.weekday() == known_departure.weekday() for each in refused)
    if context.asked == "return_date" and same_day:  # "not Friday, Saturday": the day of departure is refused
        context = replace(context, asked="departure_date")
        mentions = _mentions(text, context, after=None)
    mentions = tuple(each for each in mentions if not any(each.start == other.start for other in refused))
    if context.asked != "return_date" and known_departure and any(each.role == "return" for each in mentions):
        later = {each.start: each for each in _mentions(text, context, after=known_departure)}
        mentions = tuple(later.get(each.start, each) if each.role == "return" else each for each in mentions)
    mentions = tuple(
        each for each in mentions if not _in_passing(text, each, context) and not _is_choice(each, context)
    )
    departure, back = _assign(mentions, context, known_departure, reading)
    _check(departure, back, known_departure, known_return, context, reading)
    return tuple(Span(each.start, each.end, each.text, "date") for each in mentions)


def _refused(text: str, mentions: tuple[DateMention, ...], context: Context) -> tuple[DateMention, ...]:
    """ "Not Friday, Saturday": the days that are named only to be refused, where another one is wanted."""
    not_before = pattern(words(context.language).not_before)
    refused = tuple(each for each in mentions if not_before.search(text[: each.start]))
    return refused if len(refused) < len(mentions) else ()


def _instead_of_departure(text: str, mentions: tuple[DateMention, ...], context: Context) -> bool:
    """Whether a day said "instead", while the return is asked for, takes the place of the departure.

    "Instead" and "make that" replace a day that was named, and that is the departure; unless the sentence speaks of the
    return ("make it the next day"), or a return was named and refused just now.
    """
    table = words(context.language)
    refused = context.known.get("return_date") or context.known.get("failed_answers")
    return (
        context.asked == "return_date"
        and bool(context.known.get("departure_date"))
        and not refused
        and not any(each.role == "return" or each.grain == "range" for each in mentions)
        and bool(pattern(table.instead).search(text))
        and not pattern(table.way_back).search(text)
    )


def _mentions(text: str, context: Context, *, after: date | None) -> tuple[DateMention, ...]:
    return find_dates(text, today=context.today, locale=context.language, after=after, asked=context.asked)


def _in_passing(text: str, mention: DateMention, context: Context) -> bool:
    """ "That's all for today" names no day of travel."""
    if context.asked in ("departure_date", "return_date"):
        return False
    table, said = words(context.language), mention.text.strip()
    number = said.isdigit() or pattern(table.number).fullmatch(said)
    if number and not pattern(table.before_day).search(text[: mention.start]):  # answers another question
        return True
    if context.intent in ("search_flights", "inform"):
        return False
    return bool(pattern(table.passing_day).search(mention.text))


def _among_flights(context: Context) -> bool:
    """Whether a bare number means a flight on the screen: one is asked for, or another one is chosen afterwards."""
    chooses = context.intent == "choose_flight" and bool(context.shown)
    return context.asked == "selected_flight" or (chooses and context.asked not in ("departure_date", "return_date"))


def _is_choice(mention: DateMention, context: Context) -> bool:
    """ "El 3" is the third of the flights on the screen, "salgo el 3" a day."""
    flight = _among_flights(context) and mention.role is None
    return flight and bool(pattern(words(context.language).choice_or_day).fullmatch(mention.text.strip()))


def _is_weekday(mention: DateMention, context: Context) -> bool:
    """A weekday and no more ("Saturday"), without a word that says which."""
    return mention.role != "return" and bool(pattern(words(context.language).on_weekday).fullmatch(mention.text))


def _nearest(day: date, known: date, today: date) -> date:
    """The same weekday nearest to a day already named: "Saturday instead" of Friday the 27th is the 28th."""
    near = known + timedelta(days=(day.weekday() - known.weekday() + 3) % 7 - 3)
    return near if near >= today else day


def _assign(
    mentions: tuple[DateMention, ...], context: Context, known_departure: date | None, reading: Reading
) -> tuple[date | None, date | None]:
    departure: date | None = None
    back: date | None = None
    free: list[DateMention] = []
    round_trip = reading.values.get("trip_type", context.known.get("trip_type")) == "round_trip"
    for each in mentions:
        if known_departure and context.asked != "return_date" and _is_weekday(each, context):
            each = replace(each, first=_nearest(each.first, known_departure, context.today))
        if each.past:
            kind = "return_date" if each.role == "return" or context.asked == "return_date" else "departure_date"
            reading.problem("date_in_past", kind, date=each.first.isoformat())
        elif (
            each.grain == "weekend" and known_departure and context.asked == "return_date" and each.role != "departure"
        ):
            back = each.last or each.first
        elif each.grain == "weekend":
            departure = departure or each.first
            if round_trip and each.last:
                back = each.last
        elif each.last and each.grain == "range":
            departure, back = each.first, each.last
        elif each.role == "departure":
            departure = each.first
        elif each.role == "return":
            back = each.last or each.first
        else:
            free.append(each)
    for index, each in enumerate(free):
        first_of_pair = index == 0 and len(free) > 1
        if context.asked == "return_date" and back is None and not first_of_pair:
            back = each.first
        elif departure is None and (back is None or context.asked != "return_date"):
            departure = each.first
        elif back is None:
            back = each.first
        else:
            departure = each.first
    return departure, back


def _check(
    departure: date | None,
    back: date | None,
    known_departure: date | None,
    known_return: date | None,
    context: Context,
    reading: Reading,
) -> None:
    start = departure or known_departure
    if back and start and back - context.today > LONGEST_AHEAD:
        # "Back on December 5" after leaving on the 10th is a slip, not a day of next year.
        this_year = back - timedelta(days=365)
        back = this_year if context.today <= this_year < start else back
    for slot, day in (("departure_date", departure), ("return_date", back)):
        if day and day - context.today > LONGEST_AHEAD:
            reading.problem("date_too_far", slot, date=day.isoformat())
            departure, back = (None, back) if slot == "departure_date" else (departure, None)
    if departure:
        reading.values["departure_date"] = departure.isoformat()
    start = departure or known_departure
    if back and start and back < start:
        reading.problem(
            "return_before_departure",
            "return_date",
            return_date=say_date(back, today=context.today, locale=context.language),
            departure_date=say_date(start, today=context.today, locale=context.language),
        )
        back = None
    if back:
        reading.values["return_date"] = back.isoformat()
        if reading.values.get("trip_type") != "one_way":
            reading.values["trip_type"] = "round_trip"
    elif departure and known_return and known_return < departure:
        reading.values["return_date"] = None


def read_times(text: str, context: Context, reading: Reading, *, taken: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    """Fill `departure_time` with a part of day ("morning"), a moment ("18:00") or a window ("12:00-23:59")."""
    if pattern(words(context.language).any_time).search(text):
        reading.values["departure_time"] = "any"
        return ()
    spans = []
    for each in find_times(text, locale=context.language):
        span = Span(each.start, each.end, each.text, "time")
        if any(span.overlaps(other) for other in taken):
            continue
        spans.append(span)
        if "departure_time" in reading.values:
            continue
        if each.part and PARTS.get(each.part) == (each.earliest, each.latest):
            reading.values["departure_time"] = each.part
        elif each.exact and each.earliest:
            reading.values["departure_time"] = each.earliest
        else:
            reading.values["departure_time"] = f"{each.earliest or '00:00'}-{each.latest or '23:59'}"
    return tuple(spans)
