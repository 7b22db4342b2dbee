"""Looking after a booking already made: proves whose it is, then shows, changes or cancels it.

Called by the form's actions with the slots that flights/my_trip.py filled; says the replies, writes events. The trip
that may be under way is left as it is and taken up again when the task ends.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.my_trip_questions import booking_line, refund_words, shown_booking
from actions.remarks import tell_remarks
from actions.shared import engine, language_of, spoken_in, today_for
from flights import bookings, my_trip
from flights.bookings import Booking
from flights.reading import Context
from flights.reading.changes import read_changes
from flights.rebooking import has_departed, trip_of
from flights.trip import BOOKING, TRIP
from flights.trip import needs as booking_needs
from skycap.settings import settings
from skycap.vault import vault

logger = logging.getLogger(__name__)
QUESTIONS_OF_THE_DATABASE = ("trip_flight", "confirm_my_trip")
MADE = ("confirmed", "ticketed", "cancelled")


def look_after(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Take the task as far as it goes without the traveller, then ask, or end it."""
    return MyTrip(dispatcher, tracker).go_on()


def leave(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Leave the task at the traveller's wish; a trip under way goes on."""
    during_booking = tracker.get_slot("my_trip").get("during_booking")
    dispatcher.utter_message(response="utter_my_trip_left")
    events: list[EventType] = [SlotSet(slot, None) for slot in my_trip.MY_TRIP]
    if during_booking:
        return [*events, SlotSet("requested_slot", booking_needs(tracker.slots)), FollowupAction("booking_form")]
    return [*events, ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]


class MyTrip:
    """One turn of the task; `slots` is a working copy, its differences become events."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.dispatcher, self.tracker = dispatcher, tracker
        self.slots: dict[str, Any] = {**tracker.slots, "my_trip": dict(tracker.slots["my_trip"])}
        self.now = settings().now()
        self.language = language_of(tracker.slots)

    @property
    def task(self) -> dict[str, Any]:
        return self.slots["my_trip"]

    def line(self, booking: Booking) -> dict[str, Any]:
        return booking_line(booking, self.language)

    def say(self, response: str, **words: Any) -> None:
        self.dispatcher.utter_message(response=response, **words)

    def go_on(self) -> list[EventType]:
        tell_remarks(self.slots.get("remarks") or [], self.dispatcher, self.slots, today_for(self.slots))
        try:
            done = self._work()
        except SQLAlchemyError as error:
            logger.error("my trip: the database failed: %s", type(error).__name__)
            if my_trip.needs(self.slots) not in QUESTIONS_OF_THE_DATABASE:  # those will say it themselves
                self.say("utter_flights_unavailable")
            done = False
        return self._end() if done else self._ask()

    def _ask(self) -> list[EventType]:
        self.slots["confirm_my_trip"] = None
        # `remarks` goes along even when it is empty: an event tells Rasa's form that the message was of use.
        return [SlotSet("remarks", None), *self._events(), SlotSet("requested_slot", my_trip.needs(self.slots))]

    def _end(self) -> list[EventType]:
        during_booking = self.task.get("during_booking")
        self.slots.update(my_trip.NOTHING)
        events = [SlotSet("remarks", None), *self._events()]
        if during_booking:
            return [*events, SlotSet("requested_slot", booking_needs(self.slots))]
        return [*events, SlotSet("requested_slot", None), FollowupAction("action_listen")]

    def _events(self) -> list[EventType]:
        before = self.tracker.slots
        changed = {slot: value for slot, value in self.slots.items() if before.get(slot) != value}
        return [SlotSet(slot, value) for slot, value in changed.items() if slot not in ("remarks", "requested_slot")]

    def _work(self) -> bool:
        """Do what can be done now; returns whether the task is over."""
        booking = bookings.get(engine(), self.task["booking"]) if self.task.get("booking") else self._identify()
        if booking is None:
            return not self.slots.get("my_trip", {}).get("task")
        if self.task.pop("look", None):
            self.say("utter_booking_found", **self.line(booking))
            return False
        if self.task["task"] == "show":
            self.say(
                "utter_booking_found",
                json_message=shown_booking(booking, self.language),
                **self.line(booking),
            )
            return True
        if booking.state == "cancelled":
            self.say("utter_already_cancelled", reference=booking.reference)
            return True
        if has_departed(booking, self.now):
            self.say("utter_trip_departed", reference=booking.reference)
            return True
        return self._cancel(booking) if self.task["task"] == "cancel" else self._change(booking)

    def _identify(self) -> Booking | None:
        """The booking meant, once it is proven; None when something has to be asked, or the task was ended."""
        reference, last_name = self.slots.get("trip_reference"), self._last_name()
        booking = self._known(reference, last_name)
        if booking is None:
            if not reference and not self.task.pop("told", None) and not last_name and not self.slots.get("remarks"):
                here = self.task["task"] == "cancel" and self.task.get("during_booking")
                self.say("utter_nothing_booked_yet" if here else "utter_no_booking_here")
            self.task["told"] = True
            if not self.task.pop("try", None) or not (reference and last_name):
                return None
            booking = self._prove(reference, last_name)
        if booking is None:
            return None
        kept = {key: self.task[key] for key in ("task", "during_booking", "said") if key in self.task}
        self.slots["my_trip"] = {
            **kept,
            "booking": booking.reference,
            "offer": booking.offer_id,
            "trip": trip_of(booking),
        }
        self.slots.update(known_booking=booking.reference, trip_reference=booking.reference, trip_last_name=None)
        return booking

    def _last_name(self) -> str | None:
        """The last name that was said; the slot holds what stands for it."""
        said = {"trip_last_name": self.slots.get("trip_last_name")}
        return vault().reveal(self.tracker.sender_id, said)["trip_last_name"]

    def _known(self, reference: str | None, last_name: str | None) -> Booking | None:
        """A booking that needs no proof: made in this conversation, or proven in it before."""
        if self.task.get("failed") or (self.task.get("other") and not reference):
            return None
        known = self.slots.get("known_booking")
        if reference is None and known is None:
            last = bookings.last_booking(engine(), self.tracker.sender_id)
            known = last.reference if last else None
        try:
            booking = bookings.get(engine(), reference or known) if reference or known else None
        except bookings.UnknownBooking:
            return None
        if booking is None or booking.state not in MADE or booking.passenger_name is None:
            return None
        mine = booking.reference == known or booking.conversation_id == self.tracker.sender_id
        named = last_name is None or bookings.find(engine(), booking.reference, last_name) is not None
        return booking if mine and named else None

    def _prove(self, reference: str, last_name: str) -> Booking | None:
        try:
            booking = bookings.prove(
                engine(),
                reference,
                last_name,
                conversation_id=self.tracker.sender_id,
                now=self.now,
                lock_minutes=settings().proof_lock_minutes,
            )
        except bookings.ProofLocked:
            self.say("utter_proof_locked", minutes=f"{settings().proof_lock_minutes:g}")
            self.slots["my_trip"] = {"during_booking": self.task.get("during_booking")}
            return None
        if booking is None:
            self.say("utter_no_such_booking")
            self.task["failed"] = [reference, self.slots.get("trip_last_name")]
        return booking

    def _cancel(self, booking: Booking) -> bool:
        agreed = self.slots.get("confirm_my_trip")
        if agreed is False:
            self.say("utter_booking_kept", reference=booking.reference)
        if agreed is not True or self.task.get("version") != booking.version:
            return agreed is False
        refund = refund_words(booking, self.language)
        cancelled = bookings.cancel(engine(), booking.reference, now=self.now)
        self.say("utter_booking_cancelled", refund=refund, **self.line(cancelled))
        if self.slots.get("booking_reference") == booking.reference and not self.task.get("during_booking"):
            self.slots.update(dict.fromkeys((*TRIP, *BOOKING)))
        return True

    def _change(self, booking: Booking) -> bool:
        if said := self.task.pop("said", None):
            self._take_wishes(said)
        agreed = self.slots.get("confirm_my_trip")
        if agreed is False:
            self.say("utter_booking_kept", reference=booking.reference)
        if agreed is not True or self.task.get("version") != booking.version:
            return agreed is False
        try:
            booked = bookings.change(engine(), booking.reference, self.slots["trip_flight"], now=self.now)
        except (bookings.SoldOut, bookings.UnknownOffer) as refused:
            self.say("utter_sold_out" if isinstance(refused, bookings.SoldOut) else "utter_flight_gone")
            self.slots["trip_flight"] = None
            self.task.pop("offers", None)
            return False
        card, line = shown_booking(booked, self.language), self.line(booked)
        self.say("utter_booking_changed", json_message=card, **line)
        if self.slots.get("booking_reference") == booked.reference and not self.task.get("during_booking"):
            self.slots["selected_flight"] = booked.offer_id
        return True

    def _take_wishes(self, said: str) -> None:
        """Read the sentence that began the task, now that the trip it is about is known."""
        context = Context(
            today=today_for(self.task["trip"]),
            known=my_trip.wanted(self.slots),
            intent="change_booking",
            language=spoken_in(self.tracker),
        )
        changed = my_trip.changed(self.task, self.slots, read_changes(said, context))
        tell_remarks(changed.pop("remarks"), self.dispatcher, self.slots, context.today)
        self.slots.update(changed)
