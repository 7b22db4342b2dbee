"""The frame of looking after a booking already made: whose it is, what is wanted of it, what is asked next.

A task of its own, beside the trip that may be under way (flights/trip.py): its slots are `MY_TRIP`, and it touches no
others. `hear` turns a sentence into new values of them, `needs` says what is missing; both know neither Rasa nor a
database. The slot `my_trip` holds the task: {task, during_booking, booking, trip, offers, …}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flights.describe import as_shown
from flights.reading import Context, says_something
from flights.reading.changes import CHANGEABLE, Changes, read_changes
from flights.reading.choices import CONFIRMATIONS, is_question, says_neither, says_no
from flights.reading.proof import proof_problem, read_last_name, read_reference
from flights.reading.words import pattern, words
from flights.trip import STARTS

MY_TRIP = ("my_trip", "trip_reference", "trip_last_name", "trip_changes", "trip_flight", "confirm_my_trip")
TASKS = {"retrieve_booking": "show", "change_booking": "change", "cancel_booking": "cancel"}
NOTHING: dict[str, Any] = dict.fromkeys(MY_TRIP)
SURE = 0.5
PROOF = ("trip_reference", "trip_last_name")


def needs(slots: Mapping[str, Any]) -> str | None:
    """The slot of the task to ask for next; None without a task."""
    task = slots.get("my_trip")
    if not task:
        return None
    if not task.get("booking"):
        given = [slots.get("trip_reference"), slots.get("trip_last_name")]
        return "trip_reference" if not given[0] or task.get("failed") == given else "trip_last_name"
    if task["task"] == "change" and (task.get("which_day") or not slots.get("trip_changes")):
        return "trip_changes"
    if task["task"] == "change" and not slots.get("trip_flight"):
        return "trip_flight"
    return "confirm_my_trip"


def wanted(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The booked trip with the changes wished for, as slots of a search."""
    task = slots.get("my_trip") or {}
    return {**(task.get("trip") or {}), **(slots.get("trip_changes") or {})}


def in_view(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The slots as a question about "that flight" means them: the booked one, or those it can be changed to."""
    task = slots.get("my_trip")
    if not task or not task.get("booking"):
        return dict(slots)
    offers = task.get("offers")
    flight = slots.get("trip_flight") or (None if offers else task.get("offer"))
    return {**slots, **wanted(slots), "offers": offers, "selected_flight": flight}


def hear(text: str, context: Context, *, in_form: bool) -> dict[str, Any] | None:
    """New values of the task's slots, `remarks` among them; None when the sentence does not belong to it.

    `context.known` holds all slots. An empty answer says that the task goes on and the sentence brought nothing.
    """
    task = context.known.get("my_trip") if in_form else None
    if task and _turns_to_the_trip(text, task, context):
        return None
    if task:
        return _go_on(text, task, context)
    wish = _wish(text, context, in_form)
    if wish is None:
        return None
    if wish == "change" and in_form and context.asked in CONFIRMATIONS and not _which_booking(text, context):
        return {context.asked: False}  # the trip that is being summed up: change something of that
    task = {"task": wish, "during_booking": in_form, "other": _means_another(text, context)}
    return {**NOTHING, **_proof(text, {**task, **_told(text, wish, context)}, context)}


def _wish(text: str, context: Context, in_form: bool) -> str | None:
    """What is wanted of a booking: show, change or cancel; None when nothing is."""
    if context.intent in TASKS and (context.confidence >= SURE or read_reference(text, context)):
        # "Change my flight to Friday" while the first flight is being booked means that one.
        here = TASKS[context.intent] == "change" and in_form and not _which_booking(text, context)
        this_trip = here and says_something(text, today=context.today, language=context.language)
        return None if this_trip else TASKS[context.intent]
    if in_form:
        return None
    if context.intent == "stop" and context.known.get("known_booking"):  # "cancel it", said of the booking just made
        return "cancel" if pattern(words(context.language).cancel_it).search(text) else None
    if context.known.get("known_booking") and context.intent in STARTS:
        rather = pattern(words(context.language).rather).search(text)
        changes = read_changes(text, context) if rather else Changes()
        return "change" if changes.values or changes.which_day else None
    reference = read_reference(text, context)
    rest = text.replace(reference.text, "") if reference else text
    return "show" if reference and len(rest.split()) <= 2 and read_last_name(text, context, reference) else None


def _which_booking(text: str, context: Context) -> str | None:
    """The booking made before that a wish can be about, None when there is none."""
    reference = read_reference(text, context)
    return reference.value if reference else context.known.get("known_booking")


def _means_another(text: str, context: Context) -> bool:
    return bool(pattern(words(context.language).another_booking).search(text))


def _told(text: str, wish: str, context: Context) -> dict[str, Any]:
    """The wish in its own words, kept until the booking is known; without what proves it."""
    if wish != "change":
        return {}
    reference = read_reference(text, context)
    for known in (read_last_name(text, context, reference), reference and reference.text):
        text = text.replace(known, " ") if known else text
    return {"said": text}


def _turns_to_the_trip(text: str, task: Mapping[str, Any], context: Context) -> bool:
    """ "I need a flight to Rome" instead of a reference, or "the first one" of the flights shown before."""
    if task.get("booking") or context.confidence < SURE or read_reference(text, context):
        return False
    if context.intent == "choose_flight":
        return bool(task.get("during_booking") and context.shown)
    wishes = context.intent == "search_flights"
    return wishes and says_something(text, today=context.today, language=context.language)


def _go_on(text: str, task: dict[str, Any], context: Context) -> dict[str, Any]:
    # A yes counts in the turn it is said, never later.
    stale = {"confirm_my_trip": None} if context.known.get("confirm_my_trip") is not None else {}
    table = words(context.language)
    answers = _agrees_to_cancel(text, task, context) or pattern(table.keep_it).search(text)
    wish = TASKS.get(context.intent or "") if context.confidence >= SURE else None
    if task["task"] == "change" and task.get("booking") and pattern(table.cancel_instead).search(text):
        wish = "cancel"
    if wish and not answers:
        switched = _switch(text, task, wish, context)
        if switched is not None:
            return {**stale, **switched}
    if context.intent == "stop" and context.confidence >= SURE and not answers:
        return stale
    if not task.get("booking"):
        return {**stale, **_proof(text, task, context)}
    if task["task"] == "cancel":
        return {**stale, **_confirmation(text, task, context)}
    return {**stale, **_change(text, task, context)}


def _switch(text: str, task: dict[str, Any], wish: str, context: Context) -> dict[str, Any] | None:
    """Another wish about the same booking, or one about another booking; None when it is the one at hand."""
    reference = read_reference(text, context)
    another = bool(reference) and reference.value != task.get("booking") and bool(task.get("booking"))
    if wish == task["task"] and not another:
        return None
    if not task.get("booking") and (wish == "show" or _answers(text, context)):
        return None
    if wish == "show" and task.get("booking") and not another:
        return {"my_trip": {**task, "look": True}}
    kept = {key: task[key] for key in ("during_booking", "booking", "offer", "trip", "other") if key in task}
    if another:
        kept = {"during_booking": task["during_booking"]}
        return {**NOTHING, **_proof(text, {"task": wish, **kept, **_told(text, wish, context)}, context)}
    fresh = {"task": wish, **kept, **_told(text, wish, context)}
    values = {"my_trip": fresh, "trip_changes": None, "trip_flight": None}
    return values if task.get("booking") else {**values, **_proof(text, fresh, context)}


def _answers(text: str, context: Context) -> bool:
    """Whether reference or name are nearly all a sentence says: "booking K7QX2M, Smith" is no new wish."""
    reference = read_reference(text, context)
    said = [each for each in (reference and reference.text, read_last_name(text, context, reference)) if each]
    for each in said:
        text = text.replace(each, " ")
    return bool(said) and len(text.split()) <= 3


def _proof(text: str, task: dict[str, Any], context: Context) -> dict[str, Any]:
    """Reference and last name, as far as the sentence gives them."""
    reference = read_reference(text, context)
    last_name = read_last_name(text, context, reference)
    begun = {"my_trip": task} if not context.known.get("my_trip") or task != context.known["my_trip"] else {}
    values: dict[str, Any] = dict(begun)
    if reference or last_name:
        values["my_trip"] = {**task, "try": True}
        if reference:
            values["trip_reference"] = reference.value
        if last_name:
            values["trip_last_name"] = last_name
        failed = task.get("failed")
        if failed and reference and not last_name and reference.value == failed[0]:  # then it was the name
            values["trip_last_name"], values["my_trip"] = None, {**task, "failed": None}
        return values
    if context.asked not in PROOF or begun:
        return values
    problem = proof_problem(text, context)
    return {"remarks": [problem.as_dict()]} if problem else {}


def _agrees_to_cancel(text: str, task: Mapping[str, Any], context: Context) -> bool:
    """ "Cancel it", when that was the question."""
    asked = context.asked == "confirm_my_trip" and task["task"] == "cancel"
    return asked and bool(pattern(words(context.language).cancel_it).search(text))


def _confirmation(text: str, task: Mapping[str, Any], context: Context) -> dict[str, Any]:
    if context.asked != "confirm_my_trip":
        return {}
    if _agrees_to_cancel(text, task, context):
        return {"confirm_my_trip": True}
    if says_no(text, context) or pattern(words(context.language).keep_it).search(text):
        return {"confirm_my_trip": False}
    yes = pattern(words(context.language).yes).search(text)
    agrees = bool(yes) or (context.intent == "affirm" and not is_question(text, context))
    return {"confirm_my_trip": True} if agrees and not says_neither(text, context) else {}


def _change(text: str, task: dict[str, Any], context: Context) -> dict[str, Any]:
    """New wishes, a choice among the flights shown, more of them, or the answer to the last question."""
    choosing = context.asked == "trip_flight"
    known = wanted(context.known)
    asked = "selected_flight" if choosing else task.get("which_day")
    reading = read_changes(
        text, replace(context, known=known, asked=asked, shown=as_shown(task.get("offers")) if choosing else ())
    )
    if choosing and reading.chosen:
        return {"trip_flight": reading.chosen}
    if reading.values or reading.problems or (reading.which_day and context.asked == "trip_changes"):
        return changed(task, context.known, reading)
    if choosing and context.intent == "more_options":
        return {"my_trip": {**task, "page": int(task.get("page") or 0) + 1}}
    if context.asked == "confirm_my_trip" and context.intent == "more_options":
        return {"trip_flight": None}
    if context.asked == "confirm_my_trip":
        return _confirmation(text, task, context)
    if says_no(text, context) or pattern(words(context.language).keep_it).search(text):
        # None of the flights: something else, then. Nothing to change: then it stays as it is.
        return {"trip_changes": None} if choosing else {"confirm_my_trip": False}
    return {}


def changed(task: dict[str, Any], known: Mapping[str, Any], reading: Changes) -> dict[str, Any]:
    """The slots after new wishes: shown flights are stale, a day that has to follow is asked for."""
    remarks = [problem.as_dict() for problem in reading.problems]
    if not reading.values and not reading.which_day:
        return {"remarks": remarks}
    wishes = {**(known.get("trip_changes") or {}), **reading.values}
    trip = {**(task.get("trip") or {}), **wishes}
    missing = "return_date" if trip.get("trip_type") == "round_trip" and not trip.get("return_date") else None
    fresh = {key: value for key, value in task.items() if key not in ("offers", "page", "which_day", "version")}
    which_day = missing or reading.which_day
    return {
        "my_trip": {**fresh, "which_day": which_day} if which_day else fresh,
        "trip_changes": {slot: wishes[slot] for slot in CHANGEABLE if slot in wishes} or None,
        "trip_flight": None,
        "remarks": remarks,
    }
