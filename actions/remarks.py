"""What a reply says first: details refused with the reason, corrections taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.shared import language_of
from flights.airlines import airline
from flights.dates import say_date
from flights.describe import say_cabin, say_people, say_place
from flights.phrases import phrase
from flights.times import PARTS


def tell_remarks(
    remarks: Sequence[Mapping[str, Any]], dispatcher: CollectingDispatcher, slots: Mapping[str, Any], today: date
) -> None:
    """Utter one message per remark."""
    language = language_of(slots)
    for remark in remarks:
        kind = remark["kind"]
        if kind == "changed":
            changes = [say_detail(slot, slots, today) for slot in remark["slots"] if slot != "place_choice"]
            if changes := [each for each in changes if each]:
                dispatcher.utter_message(response="utter_details_changed", changes=", ".join(changes))
            if remark.get("stale") and slots.get("origin"):
                dispatcher.utter_message(response="utter_offers_stale")
            continue
        if kind == "known_already":
            again = [say_detail(slot, slots, today) for slot in remark["slots"]]
            if again := [each for each in again if each]:
                dispatcher.utter_message(response="utter_known_already", details=", ".join(again))
            continue
        details = {key: value for key, value in remark.items() if key not in ("kind", "slot")}
        if kind in ("which_city", "unknown_place"):
            details["suggestion"] = _suggestion(kind, details.pop("suggestions", []), language)
        if "date" in details:
            details["date"] = say_date(date.fromisoformat(details["date"]), today=today, locale=language)
        dispatcher.utter_message(response=f"utter_{kind}", **details)


def _suggestion(kind: str, names: Sequence[str], language: str) -> str:
    """Places that may be meant by a name that is not clear."""
    if kind == "unknown_place" and not names:
        return phrase("places.larger_city", language)
    which, most = ("perhaps", 3) if kind == "which_city" else ("did_you_mean", 2)
    return phrase(f"places.{which}", language, names=phrase("or", language).join(names[:most]))


def say_detail(slot: str, slots: Mapping[str, Any], today: date) -> str | None:
    """A slot's value in words, None when there is nothing to say of it."""
    value, language = slots.get(slot), language_of(slots)

    def say(key: str, **words: str) -> str:
        return phrase(f"details.{key}", language, **words)

    if slot == "trip_type":
        return say(value) if value in ("one_way", "round_trip") else None
    if value in (None, "", []):
        return None
    if slot in ("origin", "destination"):
        return say(slot, place=say_place(value, language=language))
    if slot in ("departure_date", "return_date"):
        if slot == "return_date" and slots.get("trip_type") == "one_way":
            return None
        return say(slot, date=say_date(date.fromisoformat(value), today=today, locale=language))
    if slot == "passengers":
        return say_people(int(value), language=language)
    if slot == "cabin":
        return say("any_cabin") if value == "any" else say_cabin(value, language=language)
    if slot == "airline":
        return say("any_airline") if value == "any" else say("airline", airline=airline(value).name)
    if slot == "nonstop":
        return say("nonstop" if value else "stops")
    if slot == "refundable":
        return say("refundable" if value else "not_refundable")
    if slot == "departure_time":
        return say("any_time") if value == "any" else say("departure_time", time=_time(value, language))
    return None


def _time(value: str, language: str) -> str:
    """A part of the day by its name; a moment or a window as it is."""
    return phrase(f"parts.{value}", language) if value in PARTS else value
