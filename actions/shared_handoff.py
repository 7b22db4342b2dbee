"""A person takes over: the conversation joins the queue, and Rasa is paused.

From then on skycap/serving/handoffs.py carries words between the traveller and the person, until the traveller comes
back or the person closes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ConversationPaused, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from actions.shared import SkycapAction, engine, language_of
from flights.phrases import phrase
from flights.trip import PERSON, SEARCH
from skycap.handoffs import HandoffQueue, Line, within_hours
from skycap.settings import settings
from skycap.vault import hide, persons, vault

logger = logging.getLogger(__name__)
SUMMARY = (*SEARCH, "selected_flight", *PERSON, "booking_reference")
TROUBLE = {"utter_trouble", "utter_flights_unavailable"}
FAILED = {"utter_offer_person"}


class ActionHandOver(SkycapAction):
    """Puts the conversation into the queue for people, tells its place, and pauses the assistant."""

    def name(self) -> str:
        return "action_hand_over"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        now = datetime.now(timezone.utc)
        hours, language = settings().handoff_hours, language_of(tracker.slots)
        if not within_hours(hours, now):
            between = hours.replace("-", phrase("and", language))
            dispatcher.utter_message(response="utter_handoff_closed_now", hours=between)
            return []
        try:
            queue = HandoffQueue(engine())
            handoff, _ = queue.ask(
                tracker.sender_id,
                channel=tracker.get_latest_input_channel() or "",
                reason=_reason(tracker),
                summary={slot: value for slot in SUMMARY if (value := tracker.get_slot(slot)) not in (None, [])},
                transcript=list(_transcript(tracker)),
                now=now,
            )
            place = queue.place(handoff)
        except (SQLAlchemyError, RedisError) as error:
            logger.error("%s: the database failed: %s", self.name(), type(error).__name__)
            dispatcher.utter_message(response="utter_handoff_unavailable")
            return []
        dispatcher.utter_message(response="utter_handing_over", place=phrase("queue", language, count=place))
        return [SlotSet("failed_answers", None), ConversationPaused()]


def _since_session_start(tracker: Tracker) -> list[dict[str, Any]]:
    events = tracker.events
    starts = [index for index, event in enumerate(events) if event.get("event") == "session_started"]
    return events[starts[-1] if starts else 0 :]


def _transcript(tracker: Tracker) -> Iterator[Line]:
    """What was said, as it is stored: the message that asks for a person may be the one that says a name."""
    known = persons(vault(), tracker.sender_id)
    for event in _since_session_start(tracker):
        if event.get("event") not in ("user", "bot") or not event.get("text"):
            continue
        at = datetime.fromtimestamp(event.get("timestamp") or 0.0, timezone.utc)
        text = hide(event["text"], known)
        if event["event"] == "user":
            yield Line(at, "traveller", text)
        else:
            spoken_by = (event.get("metadata") or {}).get("spoken_by")
            yield Line(at, "skycap", f"[{spoken_by}] {text}" if spoken_by else text)


def _reason(tracker: Tracker) -> str:
    """Why now: what was said last before the message that asks for a person."""
    users = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            users += 1
            if users == 2:
                break
        elif event.get("event") == "bot" and users:
            said = (event.get("metadata") or {}).get("utter_action")
            if said in TROUBLE:
                return "trouble"
            if said in FAILED:
                return "failed"
    return "asked"
