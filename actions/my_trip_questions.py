"""What is asked while a booking is looked after: which day, which flight, and whether to go through with it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.offers import PAGE, number_buttons, route_words, show_offers
from actions.shared import engine, today_for
from flights import bookings, my_trip
from flights.bookings import Booking
from flights.dates import say_date
from flights.describe import offer_rows, say_money, say_people, say_route
from flights.rebooking import find_other_flights, price_of_change, sold_offer
from flights.schedule import offer as offer_of
from skycap.settings import settings

NEW_DAY = {"departure_date": "utter_ask_new_departure_date", "return_date": "utter_ask_new_return_date"}


def booking_line(booking: Booking) -> dict[str, Any]:
    """The words of a booking for the replies that tell it."""
    today = today_for({"origin": booking.origin})
    day = say_date(booking.departure_date, today=today)
    back = f", back {say_date(booking.return_date, today=today)}" if booking.return_date else ""
    sold = sold_offer(booking)
    times = f" at {sold.departs:%H:%M}" if sold else ""
    return {
        "reference": booking.reference,
        "route": say_route(booking.origin, booking.destination),
        "date": f"{day}{times}{back}",
        "people": say_people(booking.passengers),
        "price": say_money(booking.total_cents, booking.currency),
        "state": booking.state,
    }


def booking_rows(booking: Booking) -> list[list[str]]:
    """A booking as label and value."""
    line, sold = booking_line(booking), sold_offer(booking)
    flights = offer_rows(sold, today_for({"origin": booking.origin})) if sold else [["Leaves", line["date"]]]
    rows = [["Route", line["route"]], *flights, ["Travellers", f"{line['people']}, {booking.passenger_name}"]]
    return [*rows, ["Paid", line["price"]], ["State", line["state"]]]


def shown_booking(booking: Booking) -> dict[str, Any]:
    """The card of a booking."""
    return {"type": "booking", "reference": booking.reference, "rows": booking_rows(booking)}


def refund_words(booking: Booking) -> str:
    """What is paid back, in a sentence."""
    refund = bookings.refund_cents(booking)
    if not refund:
        return "This fare is not refundable, so nothing is paid back."
    back = say_money(refund, booking.currency)
    if refund == booking.total_cents:
        return f"The fare is refundable: {back} go back the way you paid."
    paid = say_money(booking.total_cents, booking.currency)
    return f"{back} of {paid} go back the way you paid; the rest is not refundable."


def ask_trip_changes(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    day = (tracker.get_slot("my_trip") or {}).get("which_day")
    dispatcher.utter_message(response=NEW_DAY.get(day, "utter_ask_trip_changes"))
    return []


def ask_trip_flight(dispatcher: CollectingDispatcher, tracker: Tracker, again: bool) -> list[EventType]:
    """Show the flights the booking can be changed to, page by page."""
    task = tracker.get_slot("my_trip")
    slots = my_trip.wanted(tracker.slots)
    page, shown = int(task.get("page") or 0), task.get("shown_page")
    if task.get("offers") and shown == page:
        dispatcher.utter_message(response="utter_which_offer", buttons=number_buttons(len(task["offers"])))
        return []
    booking = bookings.get(engine(), task["booking"])
    wishes = tracker.get_slot("trip_changes") or {}
    found = find_other_flights(engine(), booking, wishes, now=settings().now())
    if not found.offers:
        dispatcher.utter_message(response="utter_no_other_flights", **route_words(slots))
        return [SlotSet("trip_changes", None), SlotSet("requested_slot", "trip_changes")]
    if page * PAGE >= len(found.offers):
        buttons = number_buttons(len(task.get("offers") or ()))
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
    line = booking_line(booking)
    if task["task"] == "cancel":
        title, price = "Cancel this booking?", line["price"]
        rows = booking_rows(booking)
        dispatcher.utter_message(
            response="utter_ask_confirm_cancellation",
            refund=refund_words(booking),
            json_message={"type": "summary", "title": title, "rows": rows, "price": price},
            **line,
        )
    else:
        new = offer_of(engine(), tracker.get_slot("trip_flight"))
        fee, total = price_of_change(booking, new)
        rows = [*offer_rows(new, today_for({"origin": booking.origin})), ["Travellers", line["people"]]]
        price = say_money(total, new.currency)
        dispatcher.utter_message(
            response="utter_ask_confirm_change",
            reference=booking.reference,
            rows="\n".join(f"{label}: {value}" for label, value in rows),
            fee=f"The change costs {say_money(fee, new.currency)}" if fee else "The change itself is free",
            total=price,
            difference=_difference(total - booking.total_cents, new.currency),
            json_message={"type": "summary", "title": "Change your booking?", "rows": rows, "price": price},
        )
    return [SlotSet("my_trip", {**task, "version": booking.version})]


def _difference(cents: int, currency: str) -> str:
    if not cents:
        return "as much as you have paid"
    return f"{say_money(abs(cents), currency)} {'more' if cents > 0 else 'less'} than you have paid"


QUESTIONS = {
    "trip_changes": ask_trip_changes,
    "trip_flight": ask_trip_flight,
    "confirm_my_trip": ask_confirm_my_trip,
}
