"""Reading: one sentence, with what was asked as context, becomes new values of slots.

Stands between understanding (entity spans and the intent, from the NLU model) and dialogue (slots). A pure function of
its arguments: it knows neither Rasa nor a database. `actions/shared.py` calls it once per message.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flights.reading.choices import is_question, read_choice, read_confirmation
from flights.reading.days import only_refuses_return, read_dates, read_times, read_trip_type
from flights.reading.person import TOKEN, is_half_a_name, read_person
from flights.reading.places import read_places
from flights.reading.sentence import Context, Problem, Reading, Shown, Span
from flights.reading.wishes import airline_spans, read_airline, read_cabin, read_kind, read_passengers
from flights.reading.words import pattern, words
from flights.trip import SEARCH

__all__ = [
    "Context", "Problem", "Reading", "Shown", "Span", "asks_beside", "is_half_a_name", "leaves_the_queue", "read",
    "says_never_mind",
    "says_something", "wants_the_assistant", "wants_to_forget_the_trip", "wants_to_start_over",
]  # fmt: skip

# Intents of sentences that do not describe the traveller's trip, even when they name a city or a day.
NOT_ABOUT_THE_TRIP = {
    "faq", "chitchat", "out_of_scope", "flight_status", "retrieve_booking", "change_booking", "cancel_booking",
    "handoff", "help", "repeat", "stop", "erase_my_data", "export_my_data",
}  # fmt: skip
QUESTIONS = {"ask_flight_detail", "faq"}
# What "any" or "I don't mind" can answer.
INDIFFERENT = {"airline", "cabin", "departure_time"}
PERSONAL = {"passenger_name", "contact_email", "contact_phone"}


def read(text: str, context: Context) -> Reading:
    """What `text` says of the trip, the traveller and the question asked. Never raises for any text."""
    reading = Reading()
    if context.intent == "go_back" and not any(span.kind in ("date", "city", "airport") for span in context.spans):
        return reading  # "go back one" is no passenger, "undo the last one" no choice; "back on Sunday" is a day
    if context.asked in PERSONAL:
        read_person(text, context, reading)
        if context.asked in reading.values:
            return reading
    spoken, text = text, _without_tokens(text)
    told = _statements(text, context)
    if told:
        _read_trip(told, context, reading)
        if context.intent in QUESTIONS:  # "That sounds like a red-eye. When does it land?"
            for slot in ("departure_time", "cabin", "nonstop", "refundable"):
                reading.values.pop(slot, None)
    airlines = airline_spans(text)
    read_choice(text, context, reading, airlines)
    if "selected_flight" in reading.values:
        _drop_wishes_that_chose(context, reading)
    if context.asked not in PERSONAL:
        read_person(spoken, context, reading)
    read_confirmation(text, context, reading)
    if any(slot in reading.values for slot in SEARCH):  # "wait, three people": no failed try at a name
        reading.problems = [each for each in reading.problems if each.slot not in PERSONAL]
    return _only_news(reading, context)


def _without_tokens(text: str) -> str:
    """The text with what stands for personal data blanked out: the 1 of [EMAIL:1] is no number of people."""
    return pattern(TOKEN).sub(lambda hit: " " * len(hit.group()), text)


def says_something(text: str, *, today: date, language: str = "en") -> bool:
    """Whether the text, by itself, tells anything about a trip."""
    reading = Reading()
    _read_trip(_without_tokens(text), Context(today=today, intent="inform", language=language), reading)
    return bool(reading.values)


def asks_beside(text: str, context: Context) -> bool:
    """Whether a sentence that tells something also asks something else: "Two people. Is a dog allowed?"."""
    pieces = [each for each in pattern(words(context.language).beside).split(text) if each and each.strip()]
    return len(pieces) > 1 and any(
        len(each.split()) > 2
        and is_question(each, context)
        and not says_something(each, today=context.today, language=context.language)
        for each in pieces
    )


def wants_to_start_over(text: str, language: str = "en") -> bool:
    """Whether the traveller wants a fresh start rather than an end."""
    return bool(pattern(words(language).start_over).search(text))


def wants_to_forget_the_trip(text: str, language: str = "en") -> bool:
    """Whether a stop means the trip under way too, not only the task at hand."""
    return bool(pattern(words(language).forget_trip).search(text))


def says_never_mind(text: str, language: str = "en") -> bool:
    """Whether the whole sentence takes back what was said just before."""
    return bool(pattern(words(language).never_mind).search(text))


def wants_the_assistant(text: str, language: str = "en") -> bool:
    """Whether somebody who talks to a person asks for the assistant instead."""
    return bool(pattern(words(language).back_to_assistant).search(text))


def leaves_the_queue(text: str, language: str = "en") -> bool:
    """Whether somebody who waits for a person, and whom nobody else hears yet, waits no longer."""
    return says_never_mind(text, language) or bool(pattern(words(language).leave_queue).search(text))


def _statements(text: str, context: Context) -> str:
    """The part of the text that tells something about the trip.

    A digression tells nothing, unless it is a bare answer to what was asked that the model took for something else.
    A question about a flight ("is that economy?") is no wish for economy.
    """
    if context.intent in QUESTIONS and context.asked not in (None, "return_date", "departure_date"):
        pieces = pattern(words(context.language).beside).split(text)
        told = [piece for piece in pieces if not is_question(piece, context) and not _is_past(piece, context)]
        return " ".join(told) if len(pieces) > 1 else ""
    if (
        context.intent in QUESTIONS
        and context.intent == "ask_flight_detail"
        and context.shown
        and is_question(text, context)
    ):
        return ""
    if context.intent == "change_booking" and context.asked:  # no booking made before is meant: flights/my_trip.py
        return text
    if context.intent in NOT_ABOUT_THE_TRIP and context.confidence >= 0.5:
        return text if context.asked and len(text.split()) <= 3 and not is_question(text, context) else ""
    return text


def _is_past(piece: str, context: Context) -> bool:
    """Whether a piece tells what happened on an earlier trip: "My bag got lost on the way from Oslo, who helps?"."""
    return context.intent == "faq" and bool(pattern(words(context.language).past).search(piece))


def _read_trip(text: str, context: Context, reading: Reading) -> None:
    airlines = airline_spans(text)
    cabins = read_cabin(text, context, reading)
    read_trip_type(text, context, reading)
    days = read_dates(text, context, reading)
    people = read_passengers(text, context, reading, taken=days)
    taken = (*airlines, *cabins, *days, *people)
    places = read_places(text, context, reading, taken=taken)
    read_times(text, context, reading, taken=(*taken, *places))
    read_airline(text, context, reading, airlines)
    read_kind(text, context, reading)
    if reading.values.get("trip_type") == "one_way" and only_refuses_return(text, context):
        _mind_what_is_refused(reading, context)
    if context.asked in INDIFFERENT and pattern(words(context.language).indifferent).search(text):
        reading.values[context.asked] = "any"


def _mind_what_is_refused(reading: Reading, context: Context) -> None:
    """ "No, to Milan" refuses the city named before, not the way back; "no, on Sunday" names the way back."""
    others = {slot: value for slot, value in reading.values.items() if slot not in ("trip_type", "place_choice")}
    if others.get("return_date"):
        reading.values["trip_type"] = "round_trip"
    elif any(context.known.get(slot) not in (None, value) for slot, value in others.items()):
        reading.values.pop("trip_type")


def _drop_wishes_that_chose(context: Context, reading: Reading) -> None:
    """ "The Delta one at 7 am" points at a flight; it does not ask for another search."""
    for slot in ("airline", "departure_time", "nonstop"):
        reading.values.pop(slot, None)


def _only_news(reading: Reading, context: Context) -> Reading:
    """Keep an answer to what was asked even when it repeats what is known; else only what differs."""
    values = {
        slot: value
        for slot, value in reading.values.items()
        if slot == context.asked or context.known.get(slot) != value
    }
    again = [slot for slot in reading.values if slot in SEARCH and slot not in values and slot != "trip_type"]
    return replace(reading, values=values, repeated=[*reading.repeated, *again])
