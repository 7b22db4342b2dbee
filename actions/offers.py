"""Actions around the flights on offer: showing them, showing more, answering questions about one."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import SkycapAction, engine, general_answer, language_of, spoken_in, today_for
from flights import bookings
from flights.answers import answer, asks_about_a_flight
from flights.dates import say_date
from flights.describe import as_shown, offer_card, offer_line, say_route, shown
from flights.my_trip import in_view
from flights.offers import days_nearby, find_offers
from flights.phrases import phrase
from flights.schedule import Offer, UnknownOffer
from flights.schedule import offer as offer_of
from flights.trip import search_key
from skycap.settings import settings

PAGE = 3  # offers on the screen at once


def ask_selected_flight(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    slots = tracker.slots
    key = search_key(slots)
    if slots.get("offers") and slots.get("offers_for") == key:
        buttons = number_buttons(len(slots["offers"]), language_of(slots))
        dispatcher.utter_message(response="utter_which_offer", buttons=buttons)
        return []
    found = find_offers(engine(), slots, now=settings().now(), language=language_of(slots))
    if found.without:
        dispatcher.utter_message(response="utter_nothing_exactly", missing=found.without)
    if not found.offers:
        return _say_no_flights(dispatcher, slots)
    return show_offers(dispatcher, found.offers, slots, page=0)


def _say_no_flights(dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
    """Nothing on that day: name days near it that have flights, with a button each."""
    language, today = language_of(slots), today_for(slots)
    days = [say_date(day, today=today, locale=language) for day in days_nearby(engine(), slots, now=settings().now())]
    if days:
        leaving = [phrase("details.departure_date", language, date=day) for day in days]
        dispatcher.utter_message(
            response="utter_flights_on_other_days",
            days=phrase("or", language).join(days),
            buttons=[{"title": day, "payload": said} for day, said in zip(days, leaving, strict=True)],
            **route_words(slots),
        )
    else:
        dispatcher.utter_message(response="utter_no_flights", **route_words(slots))
    return [SlotSet("offers", None), SlotSet("offers_for", search_key(slots))]


def show_offers(
    dispatcher: CollectingDispatcher, offers: list[Offer], slots: dict[str, Any], *, page: int
) -> list[EventType]:
    """Show one page of offers as a card list with a plain text beside it; returns the slots that remember it."""
    people = int(slots.get("passengers") or 1)
    here = offers[page * PAGE : (page + 1) * PAGE]
    language = language_of(slots)
    title = phrase("offers.more" if page else "offers.title", language, count=len(offers), **route_words(slots))
    numbered = list(enumerate(here, start=1))
    more = {"title": phrase("offers.more_options", language), "payload": phrase("offers.more_options_said", language)}
    dispatcher.utter_message(
        response="utter_offers",
        title=title,
        lines="\n".join(offer_line(each, number, people, language=language) for number, each in numbered),
        buttons=[*number_buttons(len(here), language), more],
        json_message={
            "type": "offers",
            "title": title,
            "offers": [offer_card(each, number, people, language=language) for number, each in numbered],
        },
    )
    return [
        SlotSet("offers", [shown(each) for each in here]),
        SlotSet("offers_for", search_key(slots)),
        SlotSet("offers_page", page),
    ]


def number_buttons(count: int, language: str) -> list[dict[str, str]]:
    """Quick replies for the offers on the screen."""
    said = {number: phrase("offers.option", language, number=number) for number in range(1, count + 1)}
    return [{"title": str(number), "payload": payload} for number, payload in said.items()]


def route_words(slots: dict[str, Any]) -> dict[str, str]:
    language = language_of(slots)
    day = date.fromisoformat(slots["departure_date"])
    return {
        "route": say_route(slots["origin"], slots["destination"], language=language),
        "date": say_date(day, today=today_for(slots), locale=language),
    }


def release_other_seats(tracker: Tracker) -> list[EventType]:
    """Give back the seats held for a flight or a party that is no longer the one chosen."""
    slots = tracker.slots
    reference = slots.get("hold_reference")
    if not reference:
        return []
    held = bookings.get(engine(), reference)
    if (held.offer_id, held.passengers) == (slots.get("selected_flight"), slots.get("passengers")):
        return []
    bookings.release(engine(), reference, now=settings().now())
    return [SlotSet("hold_reference", None)]


def choose_again(dispatcher: CollectingDispatcher, tracker: Tracker, refused: Exception) -> list[EventType]:
    """The flight is gone: say so and show what is left."""
    if isinstance(refused, UnknownOffer):  # it has left meanwhile
        dispatcher.utter_message(text=phrase("gone.offer", language_of(tracker.slots)))
    else:
        response = "utter_sold_out" if isinstance(refused, bookings.SoldOut) else "utter_hold_expired"
        dispatcher.utter_message(response=response)
    slots = {**tracker.slots, "selected_flight": None, "offers": None, "offers_for": None}
    found = find_offers(engine(), slots, now=settings().now())
    if found.offers:
        events = show_offers(dispatcher, found.offers, slots, page=0)
    else:
        events = _say_no_flights(dispatcher, slots)
    return [
        SlotSet("selected_flight", None),
        SlotSet("hold_reference", None),
        SlotSet("confirm_booking", None),
        *events,
        SlotSet("requested_slot", "selected_flight"),
    ]


class ActionShowMoreOptions(SkycapAction):
    """Shows the next flights of the same search."""

    def name(self) -> str:
        return "action_show_more_options"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        slots = tracker.slots
        if slots.get("booking_reference"):
            dispatcher.utter_message(response="utter_already_booked", reference=slots["booking_reference"])
            return []
        if not slots.get("offers"):
            dispatcher.utter_message(response="utter_no_offers_yet")
            return []
        page = int(slots.get("offers_page") or 0) + 1
        offers = find_offers(engine(), slots, now=settings().now()).offers
        back_to_choice = [SlotSet("selected_flight", None), SlotSet("requested_slot", "selected_flight")]
        if slots.get("hold_reference"):
            bookings.release(engine(), slots["hold_reference"], now=settings().now())
            back_to_choice.append(SlotSet("hold_reference", None))
        if page * PAGE >= len(offers):
            buttons = number_buttons(len(slots["offers"]), language_of(slots))
            dispatcher.utter_message(response="utter_no_more_options", buttons=buttons, **route_words(slots))
            return back_to_choice
        return [*back_to_choice, *show_offers(dispatcher, offers, slots, page=page)]


class ActionAnswerFlightDetail(SkycapAction):
    """Answers a question about the flight chosen, pointed at, or shown first."""

    def name(self) -> str:
        return "action_answer_flight_detail"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        slots, text = in_view(tracker.slots), tracker.latest_message.get("text") or ""
        language = spoken_in(tracker)
        offer_id = slots.get("selected_flight") or next((each.id for each in as_shown(slots.get("offers"))), None)
        # Without a flight, or about none of its sides, it is a question about travelling: the FAQ, if it is sure.
        if general := None if offer_id and asks_about_a_flight(text, language=language) else general_answer(tracker):
            dispatcher.utter_message(response=general)
            return []
        if not offer_id:
            dispatcher.utter_message(response="utter_no_offers_yet")
            return []
        try:
            chosen = offer_of(engine(), offer_id)
        except UnknownOffer:
            dispatcher.utter_message(response="utter_no_offers_yet")
            return []
        said = answer(text, chosen, int(slots.get("passengers") or 1), language=language)
        dispatcher.utter_message(response="utter_flight_detail", answer=said)
        return []
