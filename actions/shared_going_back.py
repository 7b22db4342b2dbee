"""One step back: the last change of the trip is taken back, its question put again.

Reads the events of the conversation, so that nothing has to be remembered for it: each message that changed a detail is
a step. What was booked stays booked; a trip that was stopped can be taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.remarks import say_detail
from actions.shared import SkycapAction, engine, spoken_in, today_for
from flights import bookings
from flights.reading import says_never_mind
from flights.trip import PERSON, SEARCH, TRIP
from skycap.settings import settings

DETAILS = (*SEARCH, *PERSON, "place_choice", "confirm_trip", "selected_flight", "confirm_booking")
RESTORED = tuple(dict.fromkeys([*TRIP, *DETAILS, "offers", "offers_for", "offers_page"]))
DIGRESSIONS = {
    "faq", "chitchat", "help", "ask_flight_detail", "flight_status", "retrieve_booking", "change_booking",
    "cancel_booking", "handoff", "out_of_scope", "export_my_data",
}  # fmt: skip


def steps(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The slots before each message that changed a detail, the newest last.

    A message that went back takes its step off the list; a booking made empties it.
    """
    slots: dict[str, Any] = {}
    before: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    went_back = booked = False

    def end_turn() -> None:
        if booked:
            found.clear()
        elif went_back:
            del found[-1:]
        elif any(before.get(slot) != slots.get(slot) for slot in DETAILS):
            found.append(before)

    for event in events:
        kind, name = event.get("event"), event.get("name")
        if kind == "user":
            end_turn()
            before, went_back, booked = dict(slots), False, False
        elif kind == "session_started":  # what follows is carried over, not said
            end_turn()
            slots, before, went_back, booked = {}, {}, False, True
        elif kind == "action" and name == "action_go_back":
            went_back = True
        elif kind == "slot":
            booked = booked or (name == "booking_reference" and bool(event.get("value")))
            slots[name] = event.get("value")
    end_turn()
    return found


def takes_back_a_digression(tracker: Tracker) -> bool:
    """Whether "never mind" means the question just asked beside the booking, not the booking."""
    said = [event for event in tracker.events if event.get("event") == "user"]
    if len(said) < 2 or not says_never_mind(said[-1].get("text") or "", spoken_in(tracker)):
        return False
    return ((said[-2].get("parse_data") or {}).get("intent") or {}).get("name") in DIGRESSIONS


class ActionGoBack(SkycapAction):
    """Takes back what the last message changed; outside a booking takes up the one that was stopped."""

    def name(self) -> str:
        return "action_go_back"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        found = steps(tracker.events)
        if not found:
            dispatcher.utter_message(response="utter_nothing_to_go_back")
            return []
        slots, earlier = tracker.slots, found[-1]
        if slots.get("hold_reference") and slots.get("selected_flight") != earlier.get("selected_flight"):
            bookings.cancel(engine(), slots["hold_reference"], now=settings().now())
        differs = [slot for slot in RESTORED if slots.get(slot) != earlier.get(slot)]
        after = {**slots, **{slot: earlier.get(slot) for slot in RESTORED}}
        changes = [say_detail(slot, after, today_for(after)) for slot in SEARCH if slot in differs and after.get(slot)]
        if changes := [each for each in changes if each]:
            dispatcher.utter_message(response="utter_details_restored", changes=", ".join(changes))
        else:
            dispatcher.utter_message(response="utter_one_step_back")
        events: list[EventType] = [SlotSet(slot, after[slot]) for slot in differs]
        if slots.get("hold_reference") and "selected_flight" in differs:
            events.append(SlotSet("hold_reference", None))
        events += [SlotSet("remarks", None), SlotSet("failed_answers", None), SlotSet("requested_slot", None)]
        if not tracker.active_loop.get("name"):
            events += [ActiveLoop("booking_form"), FollowupAction("booking_form")]
        return events
