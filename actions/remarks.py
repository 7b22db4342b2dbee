"""What a reply says first: details refused with the reason, corrections taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from flights.airlines import airline
from flights.dates import say_date
from flights.describe import CABINS, say_people, say_place


def tell_remarks(
    remarks: Sequence[Mapping[str, Any]], dispatcher: CollectingDispatcher, slots: Mapping[str, Any], today: date
) -> None:
    """Utter one message per remark."""
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
        names = details.pop("suggestions", [])
        if kind == "which_city":
            details["suggestion"] = f"Perhaps {' or '.join(names[:3])}?"
        elif kind == "unknown_place":
            details["suggestion"] = (
                f"Did you mean {' or '.join(names[:2])}?" if names else "Could you name a larger city nearby?"
            )
        if "date" in details:
            details["date"] = say_date(date.fromisoformat(details["date"]), today=today)
        dispatcher.utter_message(response=f"utter_{kind}", **details)


def say_detail(slot: str, slots: Mapping[str, Any], today: date) -> str | None:
    """A slot's value in words, None when there is nothing to say of it."""
    value = slots.get(slot)
    if slot == "trip_type":
        return {"one_way": "one way", "round_trip": "there and back"}.get(value or "")
    if value in (None, "", []):
        return None
    if slot in ("origin", "destination"):
        return f"{'from' if slot == 'origin' else 'to'} {say_place(value)}"
    if slot in ("departure_date", "return_date"):
        if slot == "return_date" and slots.get("trip_type") == "one_way":
            return None
        day = say_date(date.fromisoformat(value), today=today)
        return f"leaving {day}" if slot == "departure_date" else f"coming back {day}"
    if slot == "passengers":
        return say_people(int(value))
    if slot == "cabin":
        return "any cabin" if value == "any" else CABINS[value]
    if slot == "airline":
        return "any airline" if value == "any" else f"with {airline(value).name}"
    if slot == "nonstop":
        return "nonstop" if value else "with stops too"
    if slot == "refundable":
        return "refundable" if value else "not necessarily refundable"
    if slot == "departure_time":
        return "at any time" if value == "any" else f"leaving {value}"
    return None
