"""The end of a booking that is not made: stop, start over, and "never mind"."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.my_trip_task import leave
from actions.shared import SkycapAction, engine, spoken_in
from actions.shared_going_back import takes_back_a_digression
from flights import bookings, my_trip
from flights.reading import says_never_mind, wants_to_forget_the_trip, wants_to_start_over
from flights.trip import BOOKING, PERSON, TRIP
from skycap.settings import settings


class ActionStopBooking(SkycapAction):
    """Leaves the booking, gives held seats back and forgets the trip; "start over" begins anew at once.

    "Never mind" right after a question beside the booking takes back that question, and the booking goes on. While a
    booking made before is looked after, only that task ends, unless the whole trip is meant.
    """

    def name(self) -> str:
        return "action_stop_booking"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        text = tracker.latest_message.get("text") or ""
        language = spoken_in(tracker)
        again = wants_to_start_over(text, language)
        in_form = bool(tracker.active_loop.get("name"))
        if not in_form and tracker.get_slot("my_trip"):  # "cancel it" right after a booking was made
            return [FollowupAction("booking_form")]
        if not in_form and not again:
            dispatcher.utter_message(
                response="utter_anything_else" if says_never_mind(text, language) else "utter_nothing_to_stop"
            )
            return []
        if in_form and tracker.get_slot("my_trip") and not again and not wants_to_forget_the_trip(text, language):
            return leave(dispatcher, tracker)
        if takes_back_a_digression(tracker):
            dispatcher.utter_message(response="utter_go_on")
            return [FollowupAction("booking_form")]
        if reference := tracker.get_slot("hold_reference"):
            bookings.release(engine(), reference, now=settings().now())
        keep_person = () if again else PERSON
        slots = (*TRIP, *BOOKING, *keep_person, *my_trip.MY_TRIP, "remarks", "failed_answers")
        forget = [SlotSet(slot, None) for slot in slots]
        dispatcher.utter_message(response="utter_starting_over" if again else "utter_stopped")
        if again:
            return [*forget, ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("booking_form")]
        return [*forget, ActiveLoop(None), SlotSet("requested_slot", None)]
