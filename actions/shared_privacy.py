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

from actions.shared import SkycapAction, engine, language_of
from actions.shared_erasure import SLOT
from flights import bookings, my_trip
from flights.bookings import erasure
from flights.dates import say_date
from flights.describe import say_route
from flights.phrases import phrase, phrases
from flights.trip import needs
from skycap.handoffs import HandoffQueue
from skycap.handoffs import erasure as handoffs
from skycap.settings import settings
from skycap.vault import TOKEN, vault


class ActionExportData(SkycapAction):
    """Lists what is kept of this conversation, and for how long."""

    def name(self) -> str:
        return "action_export_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        language, now = language_of(tracker.slots), settings()
        rows = [each for part in (_said, _values, _bookings, _handoffs) for each in part(tracker, language)]
        kept = {"conversations": now.retention_days_conversations, "bookings": now.retention_days_bookings}
        days = phrase("kept.days", language, **kept)
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


def _said(tracker: Tracker, language: str) -> list[str]:
    said = [event for event in tracker.events if event.get("event") == "user" and event.get("text")]
    first = min((event.get("timestamp") or 0.0 for event in said), default=0.0)
    day = datetime.fromtimestamp(first, timezone.utc).date()
    since = say_date(day, today=settings().today_in("UTC"), locale=language)
    return [phrase("kept.messages", language, count=len(said), date=since)]


def _values(tracker: Tracker, language: str) -> list[str]:
    tokens: dict[str, list[str]] = {}
    for token in vault().known(tracker.sender_id):
        tokens.setdefault(TOKEN.fullmatch(token)[1], []).append(token)
    known = phrases(language)
    kinds = {kind: f"kept.kinds.{kind}" if f"kept.kinds.{kind}" in known else "kept.kinds.OTHER" for kind in tokens}
    return [
        phrase("kept.value", language, kind=phrase(kinds[kind], language), values=", ".join(each))
        for kind, each in tokens.items()
    ]


def _bookings(tracker: Tracker, language: str) -> list[str]:
    today = settings().today_in("UTC")
    return [
        phrase(
            "kept.booking",
            language,
            reference=each.reference,
            route=say_route(each.origin, each.destination, language=language),
            date=say_date(each.departure_date, today=today, locale=language),
            state=phrase(f"states.{each.state}", language),
        )
        for each in erasure.of_conversations(engine(), [tracker.sender_id])
        if each.passenger_name  # seats merely held carry nobody
    ]


def _handoffs(tracker: Tracker, language: str) -> list[str]:
    HandoffQueue(engine())  # its tables may not be there yet
    count = len(handoffs.everything_of(engine(), tracker.sender_id))
    return [phrase("kept.handoffs", language, count=count)] if count else []
