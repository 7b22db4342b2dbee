"""What a sentence wants changed of a trip that is booked: day, time, cabin, airline, kind of flight.

Reads as flights/reading does, with the booked trip as what is known; "two days later" counts from the booked day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from flights.dates import find_dates, say_date
from flights.reading import read
from flights.reading.sentence import Context, Problem
from flights.reading.words import pattern, words
from flights.trip import SEARCH

FIXED = ("origin", "destination", "passengers")  # another route or party is another booking
CHANGEABLE = tuple(slot for slot in SEARCH if slot not in FIXED)


@dataclass(frozen=True)
class Changes:
    """New values of the trip's slots, what cannot be had, and the day that is to change when only that was said."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    which_day: str | None = None
    chosen: str | None = None  # a flight on the screen


def read_changes(text: str, context: Context) -> Changes:
    """What is to change; `context.known` is the trip as booked with the wishes so far."""
    if shifted := _shifted(text, context):
        return shifted
    reading = read(_without_the_booked_day(text, context), _as_told(context))
    values = {slot: value for slot, value in reading.values.items() if slot in CHANGEABLE}
    problems = [each for each in reading.problems if each.slot in CHANGEABLE or each.kind == "no_such_option"]
    if not values and not problems:
        problems += _why_nothing_changes(text, reading.values, context)
    which_day = None
    if not values and not problems and context.intent not in ("faq", "ask_flight_detail"):
        kinds = words(context.language).which_day
        which_day = next((slot for expression, slot in kinds if pattern(rf"\b{expression}\b").search(text)), None)
    return Changes(values, problems, which_day, reading.values.get("selected_flight"))


def _as_told(context: Context) -> Context:
    """ "Change my flight to Friday" tells Friday, although wishes about bookings usually tell nothing of a trip."""
    about_bookings = ("change_booking", "retrieve_booking", "cancel_booking", "search_flights")
    return replace(context, intent="inform") if context.intent in about_bookings else context


def _why_nothing_changes(text: str, values: dict[str, Any], context: Context) -> list[Problem]:
    if any(slot in values for slot in FIXED):
        return [Problem("trip_is_fixed")]
    booked = {context.known.get("departure_date"), context.known.get("return_date")}
    days = {each.first.isoformat() for each in find_dates(text, today=context.today, locale=context.language)}
    return [Problem("as_booked", None, {"date": min(days & booked)})] if days & booked else []


def _shifted(text: str, context: Context) -> Changes | None:
    """ "Two days later", "bring my return forward by a week": the booked day, moved."""
    table = words(context.language)
    counts = ((pattern(table.shift.replace("@count", said)).search(text), n) for said, n in table.shift_counts)
    hit, count = next(((hit, n) for hit, n in counts if hit), (None, 0))
    if not hit:
        return None
    rest = text[: hit.start()] + text[hit.end() :]
    sign = -1 if pattern(table.earlier).search(rest) else 1 if pattern(table.later).search(rest) else 0
    slot = "return_date" if pattern(table.way_back).search(text) else "departure_date"
    booked, departure = context.known.get(slot), context.known.get("departure_date")
    if not sign or not booked:
        return None
    day = date.fromisoformat(booked) + sign * timedelta(days=count * (7 if hit["week"] else 1))
    if day < context.today:
        return Changes(problems=[Problem("date_in_past", slot, {"date": day.isoformat()})])
    if slot == "return_date" and departure and day.isoformat() < departure:
        start = date.fromisoformat(departure)
        days = {
            "return_date": say_date(day, today=context.today, locale=context.language),
            "departure_date": say_date(start, today=context.today, locale=context.language),
        }
        return Changes(problems=[Problem("return_before_departure", slot, days)])
    back = context.known.get("return_date")
    values: dict[str, Any] = {slot: day.isoformat()}
    if slot == "departure_date" and back and context.known.get("trip_type") != "one_way" and back < values[slot]:
        values["return_date"] = None
    return Changes(values)


def _without_the_booked_day(text: str, context: Context) -> str:
    """ "From Monday to Thursday" names one new day when Monday is the day booked."""
    hit = pattern(words(context.language).from_booked_to).search(text)
    if not hit:
        return text
    booked = {context.known.get("departure_date"), context.known.get("return_date")}
    ahead = [
        each.first.isoformat()
        for each in find_dates(hit.group(2), today=context.today, locale=context.language, asked="departure_date")
    ]
    weekdays = {date.fromisoformat(day).weekday() for day in booked if day}
    named = bool(re.fullmatch(rf"(?:{words(context.language).weekday})", hit.group(2).strip(), re.IGNORECASE))
    same = [day for day in ahead if day in booked or (named and date.fromisoformat(day).weekday() in weekdays)]
    return text.replace(hit.group(1), "", 1) if same else text
