"""What is asked while a booking is looked after: which day, which flight, and whether to go through with it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.offers import PAGE, number_buttons, route_words, show_offers
from actions.shared import engine, language_of, today_for
from flights import bookings, my_trip
from flights.bookings import Booking
from flights.dates import say_date
from flights.describe import clock, offer_rows, say_money, say_people, say_route
from flights.phrases import phrase
from flights.rebooking import find_other_flights, price_of_change, sold_offer
from flights.schedule import offer as offer_of
from skycap.settings import settings

NEW_DAY = {"departure_date": "utter_ask_new_departure_date", "return_date": "utter_ask_new_return_date"}


def booking_line(booking: Booking, language: str) -> dict[str, Any]:
    """The words of a booking for the replies that tell it."""
    today = today_for({"origin": booking.origin})
    when, sold = say_date(booking.departure_date, today=today, locale=language), sold_offer(booking)
    if sold:
        when = phrase("bookings.when", language, date=when, time=clock(sold.departs))
    if booking.return_date:
        back = say_date(booking.return_date, today=today, locale=language)
        when = phrase("bookings.and_back", language, when=when, date=back)
    return {
        "reference": booking.reference,
        "route": say_route(booking.origin, booking.destination, language=language),
        "date": when,
        "people": say_people(booking.passengers, language=language),
        "price": say_money(booking.total_cents, booking.currency, language=language),
        "state": phrase(f"states.{booking.state}", language),
    }


def booking_rows(booking: Booking, language: str) -> list[list[str]]:
    """A booking as label and value."""
    line, sold = booking_line(booking, language), sold_offer(booking)

    def row(label: str, value: str) -> list[str]:
        return [phrase(f"rows.{label}", language), value]

    today = today_for({"origin": booking.origin})
    flights = offer_rows(sold, today, language=language) if sold else [row("leaves", line["date"])]
    travellers = phrase("rows.named_travellers", language, people=line["people"], name=booking.passenger_name)
    rows = [row("route", line["route"]), *flights, row("travellers", travellers)]
    return [*rows, row("paid", line["price"]), row("state", line["state"])]


def shown_booking(booking: Booking, language: str) -> dict[str, Any]:
    """The card of a booking."""
    return {"type": "booking", "reference": booking.reference, "rows": booking_rows(booking, language)}


def refund_words(booking: Booking, language: str) -> str:
    """What is paid back, in a sentence."""
    refund = bookings.refund_cents(booking)
    back = say_money(refund, booking.currency, language=language)
    if not refund:
        return phrase("bookings.nothing_back", language)
    if refund == booking.total_cents:
        return phrase("bookings.all_back", language, back=back)
    paid = say_money(booking.total_cents, booking.currency, language=language)
    return phrase("bookings.some_back", language, back=back, paid=paid)


def ask_trip_changes(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    day = (tracker.get_slot("my_trip") or {}).get("which_day")
    dispatcher.utter_message(response=NEW_DAY.get(day, "utter_ask_trip_changes"))
    return []


def ask_trip_flight(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    """Show the flights the booking can be changed to, page by page."""
    task = tracker.get_slot("my_trip")
    slots = my_trip.wanted(tracker.slots)
    page, shown, language = int(task.get("page") or 0), task.get("shown_page"), language_of(tracker.slots)
    slots["language"] = language
    if task.get("offers") and shown == page:
        dispatcher.utter_message(response="utter_which_offer", buttons=number_buttons(len(task["offers"]), language))
        return []
    booking = bookings.get(engine(), task["booking"])
    wishes = tracker.get_slot("trip_changes") or {}
    found = find_other_flights(engine(), booking, wishes, now=settings().now(), language=language)
    if not found.offers:
        dispatcher.utter_message(response="utter_no_other_flights", **route_words(slots))
        return [SlotSet("trip_changes", None), SlotSet("requested_slot", "trip_changes")]
    if page * PAGE >= len(found.offers):
        buttons = number_buttons(len(task.get("offers") or ()), language)
        dispatcher.utter_message(response="utter_no_more_options", buttons=buttons, **route_words(slots))
        return [SlotSet("my_trip", {**task, "page": shown})]
    if found.without and not page:
        dispatcher.utter_message(response="utter_nothing_exactly", missing=found.without)
    # The same cards as in a booking; their state is kept in the task, the booking under way has its own.
    kept = {each["name"]: each["value"] for each in show_offers(dispatcher, found.offers, slots, page=page)}
    return [SlotSet("my_trip", {**task, "offers": kept["offers"], "page": page, "shown_page": page})]


def ask_confirm_my_trip(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    """Say what cancelling pays back or changing costs, and ask for a yes. The yes holds for this state alone."""
    task = tracker.get_slot("my_trip")
    booking = bookings.get(engine(), task["booking"])
    language = language_of(tracker.slots)
    line = booking_line(booking, language)
    if task["task"] == "cancel":
        title, price = phrase("titles.cancel", language), line["price"]
        rows = booking_rows(booking, language)
        dispatcher.utter_message(
            response="utter_ask_confirm_cancellation",
            refund=refund_words(booking, language),
            json_message={"type": "summary", "title": title, "rows": rows, "price": price},
            **line,
        )
    else:
        new = offer_of(engine(), tracker.get_slot("trip_flight"))
        fee, total = price_of_change(booking, new)
        today = today_for({"origin": booking.origin})
        travellers = [phrase("rows.travellers", language), line["people"]]
        rows = [*offer_rows(new, today, language=language), travellers]
        price = say_money(total, new.currency, language=language)
        dispatcher.utter_message(
            response="utter_ask_confirm_change",
            reference=booking.reference,
            rows="\n".join(f"{label}: {value}" for label, value in rows),
            fee=_fee(fee, new.currency, language),
            total=price,
            difference=_difference(total - booking.total_cents, new.currency, language),
            json_message={"type": "summary", "title": phrase("titles.change", language), "rows": rows, "price": price},
        )
    return [SlotSet("my_trip", {**task, "version": booking.version})]


def _fee(cents: int, currency: str, language: str) -> str:
    if not cents:
        return phrase("bookings.change_is_free", language)
    return phrase("bookings.change_costs", language, fee=say_money(cents, currency, language=language))


def _difference(cents: int, currency: str, language: str) -> str:
    if not cents:
        return phrase("bookings.same_price", language)
    difference = say_money(abs(cents), currency, language=language)
    return phrase("bookings.more" if cents > 0 else "bookings.less", language, difference=difference)


QUESTIONS = {
    "trip_changes": ask_trip_changes,
    "trip_flight": ask_trip_flight,
    "confirm_my_trip": ask_confirm_my_trip,
}
