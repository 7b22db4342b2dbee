"""Actions around trips already booked and flights under way; what a task does is in my_trip_task.py."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.booking import AskAction
from actions.shared import SkycapAction, engine, language_of, today_for
from flights import bookings
from flights.describe import say_status
from flights.phrases import phrase
from flights.schedule import UnknownFlight, flight_status
from flights.schedule import offer as offer_of
from skycap.settings import settings


class ActionAskTripChanges(AskAction):
    """Asks what is to change of a booking."""

    slot = "trip_changes"


class ActionAskTripFlight(AskAction):
    """Shows the flights a booking can be changed to."""

    slot = "trip_flight"


class ActionAskConfirmMyTrip(AskAction):
    """Asks for the yes to a cancellation or a change, with what it costs or pays back."""

    slot = "confirm_my_trip"


class ActionTellFlightStatus(SkycapAction):
    """Tells how a flight of today is doing: by its number, or the flight of the booking made here."""

    def name(self) -> str:
        return "action_tell_flight_status"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        number = next(tracker.get_latest_entity_values("flight_number"), None)
        language, today, now = language_of(tracker.slots), today_for({}), settings().now()
        day = today
        if number is None and (booking := bookings.last_booking(engine(), tracker.sender_id)):
            first = offer_of(engine(), booking.offer_id).legs[0]
            number, day = first.flight_number, first.departs.date()
        if number is None:
            dispatcher.utter_message(response="utter_which_flight_status")
            return []
        try:
            status = flight_status(engine(), number, day, now)
        except UnknownFlight:
            unknown = phrase("gone.flight", language, number=number[:20])
            dispatcher.utter_message(response="utter_flight_status", summary=unknown)
            return []
        summary = say_status(status, today, language=language)
        dispatcher.utter_message(response="utter_flight_status", summary=summary)
        return []
