"""Actions around trips already booked and flights under way."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.booking import booking_line
from actions.shared import SkycapAction, engine, today_for
from flights import bookings
from flights.describe import say_status
from flights.schedule import UnknownFlight, flight_status
from flights.schedule import offer as offer_of
from skycap.settings import settings


class ActionShowBooking(SkycapAction):
    """Shows the booking made in this conversation."""

    def name(self) -> str:
        return "action_show_booking"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        booking = bookings.last_booking(engine(), tracker.sender_id)
        if booking is None:
            dispatcher.utter_message(response="utter_no_booking_here")
        else:
            dispatcher.utter_message(response="utter_booking_found", **booking_line(booking, today_for(tracker.slots)))
        return []


class ActionTellFlightStatus(SkycapAction):
    """Tells how a flight of today is doing: by its number, or the flight of the booking made here."""

    def name(self) -> str:
        return "action_tell_flight_status"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        number = next(tracker.get_latest_entity_values("flight_number"), None)
        today, now = today_for({}), settings().now()
        day = today
        if number is None and (booking := bookings.last_booking(engine(), tracker.sender_id)):
            first = offer_of(engine(), booking.offer_id).legs[0]
            number, day = first.flight_number, first.departs.date()
        if number is None:
            dispatcher.utter_message(response="utter_which_flight_status")
            return []
        try:
            status = flight_status(engine(), number, day, now)
        except UnknownFlight as unknown:
            dispatcher.utter_message(response="utter_flight_status", summary=str(unknown))
            return []
        dispatcher.utter_message(response="utter_flight_status", summary=say_status(status, today))
        return []
