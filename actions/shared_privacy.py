"""What is kept of this conversation, shown to the traveller or, at their wish, erased.

Showing reads the tracker, the vault's tokens, hand-overs and bookings; the reply holds tokens, which the channel alone
turns into values. No action can erase the conversation it is part of: after a yes skycap/serving/erasure.py does it,
when the turn is over. No other conversation can be named.
"""

from __future__ import annotations

from datetime import datetime, timezone

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import SkycapAction, engine
from actions.shared_erasure import SLOT
from flights import bookings, my_trip
from flights.bookings import erasure
from flights.dates import say_date
from flights.describe import say_route
from flights.trip import needs
from skycap.handoffs import HandoffQueue
from skycap.handoffs import erasure as handoffs
from skycap.settings import settings
from skycap.vault import TOKEN, vault

KINDS = {
    "NAME": "Name",
    "EMAIL": "E-mail address",
    "HANDLE": "Address",
    "PHONE": "Phone number",
    "DATE_OF_BIRTH": "Date of birth",
    "PASSPORT": "Passport number",
    "NATIONAL_ID": "National id",
    "SSN": "Social security number",
    "IBAN": "IBAN",
    "IP": "IP address",
}


class ActionExportData(SkycapAction):
    """Lists what is kept of this conversation, and for how long."""

    def name(self) -> str:
        return "action_export_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        rows = [*_said(tracker), *_values(tracker), *_bookings(tracker), *_handoffs(tracker)]
        now = settings()
        days = (
            f"What we said is kept for up to {now.retention_days_conversations} days, bookings carry your name until "
            f"{now.retention_days_bookings} days after the last flight."
        )
        dispatcher.utter_message(response="utter_kept", rows="\n".join(f"- {each}" for each in rows), days=days)
        return []


def settle_erasure(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Ask whether it is meant, or act on the answer; after a no, what was under way goes on."""
    task = tracker.get_slot(SLOT)
    if task.get("answer") is None:
        return [SlotSet("remarks", None), SlotSet("requested_slot", SLOT)]
    dispatcher.utter_message(response="utter_erasing" if task["answer"] else "utter_not_erased")
    events: list[EventType] = [SlotSet("remarks", None), SlotSet(SLOT, None)]
    if task["in_booking"] and not task["answer"]:
        return [*events, SlotSet("requested_slot", my_trip.needs(tracker.slots) or needs(tracker.slots))]
    if task["answer"] and (held := tracker.get_slot("hold_reference")):
        bookings.release(engine(), held, now=settings().now())
    return [*events, SlotSet("requested_slot", None), FollowupAction("action_listen")]


def _said(tracker: Tracker) -> list[str]:
    said = [event for event in tracker.events if event.get("event") == "user" and event.get("text")]
    first = min((event.get("timestamp") or 0.0 for event in said), default=0.0)
    since = say_date(datetime.fromtimestamp(first, timezone.utc).date(), today=settings().today_in("UTC"))
    messages = f"{len(said)} messages" if len(said) != 1 else "1 message"
    return [f"{messages} of yours since {since}, with my replies and the trip they are about"]


def _values(tracker: Tracker) -> list[str]:
    tokens: dict[str, list[str]] = {}
    for token in vault().known(tracker.sender_id):
        tokens.setdefault(TOKEN.fullmatch(token)[1], []).append(token)
    return [f"{KINDS.get(kind, 'Other')}: {', '.join(each)}" for kind, each in tokens.items()]


def _bookings(tracker: Tracker) -> list[str]:
    today = settings().today_in("UTC")
    return [
        f"Booking {each.reference}: {say_route(each.origin, each.destination)}, "
        f"{say_date(each.departure_date, today=today)}, {each.state}, with name, address and phone number"
        for each in erasure.of_conversations(engine(), [tracker.sender_id])
        if each.passenger_name  # seats merely held carry nobody
    ]


def _handoffs(tracker: Tracker) -> list[str]:
    HandoffQueue(engine())  # its tables may not be there yet
    count = len(handoffs.everything_of(engine(), tracker.sender_id))
    return [f"What was said with a person, {count} {'times' if count > 1 else 'time'}"] if count else []
