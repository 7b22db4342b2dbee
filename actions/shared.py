"""Actions of every skill: reading the message, saying something again, going on.

They read the tracker and write events; what a sentence means is decided in flights/reading.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from redis.exceptions import RedisError
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from actions import shared_erasure
from actions.shared_person import keep_last_name, keep_person
from flights import bookings, database, my_trip, sealed
from flights.airports import airport, place
from flights.describe import as_shown
from flights.languages import DEFAULT
from flights.reading import Context, Reading, Span, asks_beside, read
from flights.trip import BOOKING, STARTS, TRIP, changes_offers, fresh_start, recall
from skycap.settings import settings
from skycap.vault import keys_of
from skycap.waiting import may_wait

logger = logging.getLogger(__name__)
FALLBACKS = {"nlu_fallback", "out_of_scope"}
# In the middle of a booking an answer with one of these that brings nothing was not understood.
ANSWERS = {*FALLBACKS, "inform", "choose_flight", "affirm"}
# What may say a known detail once more; then it is acknowledged.
RESTATES = {"inform", "search_flights", "affirm", "nlu_fallback"}
FAQ_CONFIDENCE = 0.6


def engine() -> Engine:
    """The business database, opened and brought up to date on first use."""
    may_wait()
    return _open(settings().flights_url)


@lru_cache(maxsize=4)
def _open(url: str) -> Engine:
    sealed.use(keys_of(settings()))
    database.migrate(url)
    return database.engine(url)


def today_for(slots: dict[str, Any]) -> date:
    """The traveller's today: at the origin once it is known."""
    origin = slots.get("origin")
    zone = airport(place(origin).airports[0]).timezone if origin else "UTC"
    return settings().today_in(zone)


def language_of(slots: Mapping[str, Any]) -> str:
    """The language of this turn's replies."""
    return slots.get("language") or DEFAULT


def spoken_in(tracker: Tracker) -> str:
    """The language in which the latest message is understood."""
    return (tracker.latest_message.get("language") or {}).get("spoken") or language_of(tracker.slots)


class SkycapAction(Action, ABC):
    """An action that never ends in silence: a failure becomes a designed reply and a log line without personal data."""

    starts_at_once = True  # it has changed nothing before it asks `engine` or `vault`: skycap/waiting.py

    @abstractmethod
    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Do the work; returns events."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        try:
            return self.act(dispatcher, tracker)
        except (SQLAlchemyError, RedisError) as error:
            logger.error("%s: the database failed: %s", self.name(), type(error).__name__)
            dispatcher.utter_message(response="utter_flights_unavailable")
        except Exception as error:  # the traveller gets an answer whatever happens
            logger.error("%s failed: %s", self.name(), type(error).__name__, exc_info=settings().log_level == "DEBUG")
            dispatcher.utter_message(response="utter_trouble")
        return []


def already_read(tracker: Tracker) -> bool:
    """Whether slots were filled from this message before: a form that starts asks for the reading a second time."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "slot" and event.get("name") not in ("requested_slot", "language"):
            return True
    return False


def _drop_passed_days(known: dict[str, Any], today: date) -> list[dict[str, Any]]:
    """Empty the days of travel that have passed since they were named; returns a remark about the first."""
    passed = [slot for slot in ("departure_date", "return_date") if known.get(slot) and known[slot] < today.isoformat()]
    remarks = [{"kind": "date_in_past", "slot": slot, "date": known[slot]} for slot in passed[:1]]
    known.update(dict.fromkeys(passed))
    return remarks


def spans(message: dict[str, Any]) -> tuple[Span, ...]:
    """What the NLU model marked in the latest message."""
    return tuple(
        Span(
            each["start"],
            each["end"],
            message["text"][each["start"] : each["end"]],
            each["entity"],
            each.get("value"),
            each.get("role"),
        )
        for each in message.get("entities") or ()
        if each.get("start") is not None and each.get("end") is not None
    )


def general_answer(tracker: Tracker) -> str | None:
    """The reply of the FAQ that fits the message best, None when none fits well and no such question was understood."""
    best = (tracker.latest_message.get("response_selector") or {}).get("default", {}).get("response") or {}
    key, confidence = best.get("utter_action"), best.get("confidence") or 0.0
    asked = (tracker.latest_message.get("intent") or {}).get("name") == "faq"
    return key if key and (asked or confidence >= FAQ_CONFIDENCE) else None


class ActionExtractDetails(SkycapAction):
    """Fills every slot, once per message."""

    def name(self) -> str:
        return "action_extract_details"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        # A failure ends the turn and nothing is stored: what was not read may hold a name.
        events = self.act(dispatcher, tracker)
        reply = (tracker.latest_message.get("language") or {}).get("reply")
        changed = reply and reply != tracker.get_slot("language")
        return [SlotSet("language", reply), *events] if changed else events

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        message = tracker.latest_message
        text = (message.get("text") or "").strip()
        if not text or text.startswith("/") or already_read(tracker):
            return []
        before = dict(tracker.slots)
        in_form = bool(tracker.active_loop.get("name"))
        intent = (message.get("intent") or {}).get("name")
        known = dict(before)
        if not in_form and fresh_start(before, intent):
            known.update(dict.fromkeys([*TRIP, *BOOKING]))
        today = today_for((known.get("my_trip") or {}).get("trip") or known)
        passed = _drop_passed_days(known, today) if in_form or intent in STARTS else []
        context = Context(
            today=today,
            known=known,
            asked=before.get("requested_slot") if in_form else None,
            intent=intent,
            confidence=(message.get("intent") or {}).get("confidence") or 0.0,
            spans=spans(message),
            shown=as_shown(known.get("offers")),
            language=spoken_in(tracker),
        )
        heard = shared_erasure.hear(text, context, in_form=tracker.active_loop.get("name") == "booking_form")
        if heard is None:
            known[shared_erasure.SLOT] = None
            heard = my_trip.hear(text, context, in_form=in_form)
            if heard is not None:  # of a booking already made; the trip under way is left as it is
                heard = keep_last_name(tracker.sender_id, heard)
        if heard is not None:
            failed = self._failed(intent, Reading(heard), before, in_form)
            heard = {"failed_answers": failed, shared_erasure.SLOT: known.get(shared_erasure.SLOT), **heard}
            return [SlotSet(slot, value) for slot, value in heard.items() if before.get(slot) != value]
        known.update(my_trip.NOTHING)
        reading = read(text, context)
        keep_person(tracker.sender_id, context, reading, text)
        if not in_form and not reading.values and not reading.problems and intent not in STARTS:
            failed = self._failed(intent, reading, before, in_form)
            return [SlotSet("failed_answers", failed)] if failed != before.get("failed_answers") else []
        after = {**known, **reading.values}
        if before.get("requested_slot") == "place_choice" and reading.values:
            after["place_choice"] = self._settled(known, after)
        if after.get("confirm_trip") is True:
            after["remembered"] = None
        if not in_form and intent in STARTS:
            after.update(recall(after, self._last_booking(tracker)))
        if changes_offers(known, after):
            chosen_now = reading.values.get("selected_flight")
            after.update(offers=None, offers_for=None, selected_flight=chosen_now, confirm_booking=None)
        if before.get("confirm_booking") is False and reading.values and "confirm_booking" not in reading.values:
            after["confirm_booking"] = None  # what was to change has changed: show it anew
        if any(known.get(slot) != after.get(slot) for slot in TRIP):
            after["confirm_trip"] = None
        beside = self._beside(text, context, tracker) if reading.values and (in_form or intent in STARTS) else []
        restates = in_form and reading.repeated and intent in RESTATES and not (reading.values or reading.problems)
        restated = [{"kind": "known_already", "slots": reading.repeated}] if restates else []
        after["remarks"] = [*passed, *self._remarks(reading, known, after), *restated, *beside] or None
        after["failed_answers"] = self._failed(intent, reading, before, in_form)
        return [
            SlotSet(slot, value) for slot, value in after.items() if before.get(slot) != value or slot in reading.values
        ]

    @staticmethod
    def _settled(known: dict[str, Any], after: dict[str, Any]) -> Any:
        """A choice among places is offered once; who goes on without choosing keeps the likeliest."""
        choice = after.get("place_choice")
        return {**choice, "done": True} if choice and choice == known.get("place_choice") else choice

    def _last_booking(self, tracker: Tracker) -> bookings.Booking | None:
        try:
            return bookings.last_booking(engine(), tracker.sender_id)
        except SQLAlchemyError as error:  # a booking of the past is a convenience; its loss must not stop this one
            logger.error("no last booking: %s", type(error).__name__)
            return None

    def _remarks(self, reading: Any, known: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
        remarks = [problem.as_dict() for problem in reading.problems]
        seen = bool(known.get("offers"))  # with flights on the screen every new wish is a change
        changed = [
            slot
            for slot in TRIP
            if slot in reading.values and known.get(slot) != after.get(slot) and (seen or known.get(slot) is not None)
        ]
        if changed:
            remarks.append({"kind": "changed", "slots": changed, "stale": seen})
        return remarks

    @staticmethod
    def _beside(text: str, context: Context, tracker: Tracker) -> list[dict[str, Any]]:
        """The FAQ's answer to a question beside an answer, as a remark: "two people, and is a dog allowed?"."""
        general = general_answer(tracker) if asks_beside(text, context) else None
        return [{"kind": general.removeprefix("utter_")}] if general and general.startswith("utter_faq/") else []

    def _failed(self, intent: str | None, reading: Any, before: dict[str, Any], in_form: bool) -> int | None:
        # Outside the form the two-stage fallback asks what was meant.
        fails = intent in ANSWERS or bool(reading.problems) if in_form else intent == "out_of_scope"
        if reading.values or not fails or (reading.repeated and intent in RESTATES and not reading.problems):
            return None
        return int(before.get("failed_answers") or 0) + 1


class ActionRepeat(SkycapAction):
    """Says the last reply once more, word for word."""

    def name(self) -> str:
        return "action_repeat"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        said: list[dict[str, Any]] = []
        users = 0
        for event in reversed(tracker.events):
            if event.get("event") == "user":
                users += 1
                if said:
                    break
            elif event.get("event") == "bot" and users:
                said.append(event)
        if not said:
            dispatcher.utter_message(response="utter_nothing_to_repeat")
        for event in reversed(said):
            data = event.get("data") or {}
            dispatcher.utter_message(
                text=event.get("text"), buttons=data.get("buttons"), json_message=data.get("custom") or {}
            )
        return []


class ActionGoOn(SkycapAction):
    """Does nothing: Rasa runs a form that gave way to a rule again only after some other action."""

    def name(self) -> str:
        return "action_go_on"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        return []
