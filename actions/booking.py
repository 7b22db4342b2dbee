"""Actions of the booking: what the form asks and says, offers, the summary, the booking itself."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from actions.my_trip_questions import QUESTIONS
from actions.my_trip_task import look_after
from actions.offers import ask_selected_flight, choose_again, release_other_seats, route_words
from actions.remarks import tell_remarks
from actions.shared import SkycapAction, engine, language_of, today_for
from actions.shared_clarify import help_along
from actions.shared_erasure import SLOT as ERASURE
from actions.shared_privacy import settle_erasure
from flights import bookings, my_trip
from flights.describe import (
    offer_rows,
    say_money,
    say_people,
    say_place,
    total_cents,
    trip_rows,
    trip_words,
)
from flights.phrases import phrase
from flights.schedule import offer as offer_of
from flights.trip import PERSON, needs
from skycap.settings import settings
from skycap.vault import TOKEN, vault

logger = logging.getLogger(__name__)
QUIET_SLOTS = ("remarks", "failed_answers", "requested_slot", "language")  # by themselves nothing for the form


class ValidateBookingForm(SkycapAction):
    """Says what the reading remarked, then decides what the form asks next."""

    def name(self) -> str:
        return "validate_booking_form"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        slots = tracker.slots
        remarks = slots.get("remarks") or []
        if slots.get("requested_slot") and not remarks and not _changed_this_turn(tracker):
            return []  # nothing to go on: the form gives way to the rules for digressions
        if slots.get(ERASURE):
            return settle_erasure(dispatcher, tracker)
        if slots.get("my_trip"):
            return look_after(dispatcher, tracker)
        tell_remarks(remarks, dispatcher, slots, today_for(slots))
        help_along(tracker, dispatcher, understood=True)
        return [*release_other_seats(tracker), SlotSet("remarks", None), SlotSet("requested_slot", needs(slots))]


def _changed_this_turn(tracker: Tracker) -> bool:
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "slot" and event.get("name") not in QUIET_SLOTS:
            return True
    return False


def ask(slot: str, dispatcher: CollectingDispatcher, tracker: Tracker, *, again: bool = False) -> list[EventType]:
    """Put the question for `slot`; `again` after a digression, when the traveller has seen it before."""
    if slot in _ASKS:
        return _ASKS[slot](dispatcher, tracker, again)
    dispatcher.utter_message(response=f"utter_ask_{slot}")
    return []


class AskAction(SkycapAction, ABC):
    """A question that takes more than a reply of domain.yml."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot asked for."""

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        return ask(self.slot, dispatcher, tracker)


class ActionAskNextQuestion(AskAction):
    """Takes the form up again after a digression.

    Rasa then asks for the first empty slot of the form without asking anybody; `next_question` stands first and is
    always empty, so that the order of flights/trip.py holds here too.
    """

    slot = "next_question"
    # What was said last is question enough.
    QUIET_AFTER = frozenset({"goodbye", "deny", "repeat"})
    QUIET_WITH_OFFERS = frozenset({"ask_flight_detail", "more_options"})

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        slot = tracker.get_slot("requested_slot")
        if slot in (None, self.slot):
            slot = my_trip.needs(tracker.slots) or needs(tracker.slots)
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        quiet = intent in self.QUIET_AFTER or (
            intent in self.QUIET_WITH_OFFERS and my_trip.in_view(tracker.slots).get("offers")
        )
        events = [] if quiet or not slot else ask(slot, dispatcher, tracker, again=True)
        return [SlotSet("requested_slot", slot), *events]


class ActionAskPlaceChoice(AskAction):
    slot = "place_choice"


class ActionAskConfirmTrip(AskAction):
    slot = "confirm_trip"


class ActionAskSelectedFlight(AskAction):
    slot = "selected_flight"


class ActionAskConfirmBooking(AskAction):
    slot = "confirm_booking"


def _ask_place_choice(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    choice = tracker.get_slot("place_choice") or {"options": [], "name": ""}
    language = language_of(tracker.slots)
    options = {code: say_place(code, language=language) for code in choice["options"]}
    dispatcher.utter_message(
        response="utter_ask_which_place",
        name=choice["name"],
        options=phrase("or", language).join(options.values()),
        buttons=[{"title": label, "payload": code} for code, label in options.items()],
    )
    return []


def _ask_confirm_trip(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    slots = tracker.slots
    if slots.get("confirm_trip") is False:
        dispatcher.utter_message(response="utter_what_to_change")
        return []
    language, today = language_of(slots), today_for(slots)
    rows = trip_rows(slots, today, language=language)
    dispatcher.utter_message(
        response="utter_ask_confirm_trip",
        rows=trip_words(slots, today, language=language),
        json_message={"type": "summary", "title": phrase("titles.trip", language), "rows": rows, "price": None},
    )
    return []


def _ask_confirm_booking(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    slots = tracker.slots
    if slots.get("confirm_booking") is False and not again:
        dispatcher.utter_message(response="utter_what_to_change")
        return []
    people = int(slots["passengers"])
    try:
        held = bookings.hold(
            engine(),
            offer_id=slots["selected_flight"],
            passengers=people,
            conversation_id=tracker.sender_id,
            idempotency_key=f"{tracker.sender_id} {slots['selected_flight']} {people} {len(_booked_before(tracker))}",
            now=settings().now(),
        )
    except (bookings.SoldOut, bookings.HoldExpired, bookings.UnknownOffer) as refused:
        return choose_again(dispatcher, tracker, refused)
    chosen = offer_of(engine(), slots["selected_flight"])
    language = language_of(slots)
    party = say_people(people, language=language)
    travellers = phrase("rows.named_travellers", language, people=party, name=slots["passenger_name"])
    rows = [
        *offer_rows(chosen, today_for(slots), language=language),
        [phrase("rows.travellers", language), travellers],
        [phrase("rows.contact", language), f"{slots['contact_email']}, {slots['contact_phone']}"],
    ]
    total = say_money(total_cents(chosen, people), chosen.currency, language=language)
    dispatcher.utter_message(
        response="utter_ask_confirm_booking",
        rows="\n".join(f"{label}: {value}" for label, value in rows),
        price=total,
        json_message={"type": "summary", "title": phrase("titles.booking", language), "rows": rows, "price": total},
    )
    return [SlotSet("hold_reference", held.reference)]


def _booked_before(tracker: Tracker) -> list[str]:
    """The references booked in this conversation so far: the same flight may be booked again later, on purpose."""
    return [
        event["value"]
        for event in tracker.events
        if event.get("event") == "slot" and event.get("name") == "booking_reference" and event.get("value")
    ]


_ASKS = {
    "place_choice": _ask_place_choice,
    "confirm_trip": _ask_confirm_trip,
    "selected_flight": ask_selected_flight,
    "confirm_booking": _ask_confirm_booking,
    **QUESTIONS,
}


class ActionBookFlight(SkycapAction):
    """Confirms the held seats and issues the ticket; the same confirmation twice books once."""

    def name(self) -> str:
        return "action_book_flight"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        slots = tracker.slots
        if slots.get("confirm_booking") is not True or not slots.get("hold_reference"):
            return ActionAcknowledge().act(dispatcher, tracker)  # nothing left to confirm
        now = settings().now()
        # Whatever goes wrong, the form is open again at its last question, and the traveller speaks first.
        reopen = [ActiveLoop("booking_form"), FollowupAction("action_listen")]
        try:
            who = vault().reveal(tracker.sender_id, {slot: slots[slot] for slot in PERSON})
            if lost := [slot for slot in PERSON if TOKEN.fullmatch(who[slot])]:  # the vault kept it no longer
                forget = [SlotSet(slot, None) for slot in (*lost, "confirm_booking")]
                return [*forget, SlotSet("requested_slot", lost[0]), *ask(lost[0], dispatcher, tracker), *reopen]
            booked = bookings.confirm(engine(), slots["hold_reference"], **who, now=now)
            booked = bookings.ticket(engine(), booked.reference, now=now)
        except (bookings.HoldExpired, bookings.SoldOut) as refused:
            return [*choose_again(dispatcher, tracker, refused), *reopen]
        except (SQLAlchemyError, RedisError) as error:
            logger.error("%s: the database failed: %s", self.name(), type(error).__name__)
            dispatcher.utter_message(response="utter_flights_unavailable")
            return [SlotSet("confirm_booking", None), SlotSet("requested_slot", "confirm_booking"), *reopen]
        language = language_of(slots)
        people = say_people(booked.passengers, language=language)
        price = say_money(booked.total_cents, booked.currency, language=language)
        rows = [
            *trip_rows(slots, today_for(slots), language=language),
            [phrase("rows.name", language), slots["passenger_name"]],
            [phrase("rows.paid", language), price],
        ]
        dispatcher.utter_message(
            response="utter_booked",
            reference=booked.reference,
            people=people,
            price=price,
            json_message={"type": "booking", "reference": booked.reference, "rows": rows},
            **route_words(slots),
        )
        made = {"booking_reference": booked.reference, "known_booking": booked.reference, "hold_reference": None}
        return [SlotSet(slot, value) for slot, value in made.items()]


class ActionAcknowledge(SkycapAction):
    """A yes when nothing was asked: after a booking it is that booking, made once."""

    def name(self) -> str:
        return "action_acknowledge"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        if reference := tracker.get_slot("booking_reference"):
            dispatcher.utter_message(response="utter_already_booked", reference=reference)
        else:
            dispatcher.utter_message(response="utter_how_can_i_help")
        return []
