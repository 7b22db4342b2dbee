"""The frame of a booking: which details there are, which is needed next, what a change makes stale.

A pure description of the order of things, read by the actions. Slots in, decisions out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flights.bookings import Booking

# What a search depends on: a change of any of these makes shown flights stale.
SEARCH = (
    "origin", "destination", "departure_date", "return_date", "trip_type", "passengers", "cabin", "airline",
    "excluded_airlines", "nonstop", "refundable", "departure_time",
)  # fmt: skip
TRIP = (*SEARCH, "place_choice", "remembered", "confirm_trip")
BOOKING = (
    "selected_flight",
    "confirm_booking",
    "booking_reference",
    "hold_reference",
    "offers",
    "offers_for",
    "offers_page",
)
PERSON = ("passenger_name", "contact_email", "contact_phone")
STARTS = ("search_flights", "inform", "more_options")


def search_of(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the slots that a search depends on; a return date counts only for a round trip."""
    wanted = {slot: slots.get(slot) for slot in SEARCH if slots.get(slot) not in (None, "any", False)}
    if wanted.get("trip_type") == "one_way":
        wanted.pop("return_date", None)
    return wanted


def search_key(slots: Mapping[str, Any]) -> str:
    """One line that is equal for equal searches."""
    return " ".join(f"{slot}={value}" for slot, value in sorted(search_of(slots).items()))


def changes_offers(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether flights were shown that no longer answer the search."""
    return bool(before.get("offers_for")) and before["offers_for"] != search_key(after)


def fresh_start(slots: Mapping[str, Any], intent: str | None) -> bool:
    """Whether a sentence outside any task begins a new trip after one that was booked."""
    return bool(slots.get("booking_reference")) and intent in STARTS


def recall(slots: Mapping[str, Any], last: Booking | None) -> dict[str, Any]:
    """Details that a returning traveller need not say again: home airport and party size of the last booking.

    They are assumptions, so `remembered` lists them and the trip has to be confirmed before the search.
    """
    if last is None:
        return {}
    recalled: dict[str, Any] = {}
    if not slots.get("origin") and last.origin != slots.get("destination"):
        recalled["origin"] = last.origin
    if not slots.get("passengers"):
        recalled["passengers"] = last.passengers
    if recalled and not slots.get("trip_type"):
        recalled["trip_type"] = "one_way"
    return {**recalled, "remembered": sorted(recalled)} if recalled else {}


def needs(slots: Mapping[str, Any]) -> str | None:
    """The slot to ask for next, None when the booking is complete."""
    choice = slots.get("place_choice")
    if isinstance(choice, Mapping) and not choice.get("done") and slots.get(choice["slot"]):
        return "place_choice"
    for slot in ("destination", "origin", "departure_date"):
        if not slots.get(slot):
            return slot
    if slots.get("trip_type") != "one_way" and not slots.get("return_date"):
        return "return_date"
    if not slots.get("passengers"):
        return "passengers"
    if slots.get("remembered") and slots.get("confirm_trip") is not True:
        return "confirm_trip"
    if not slots.get("selected_flight"):
        return "selected_flight"
    for slot in PERSON:
        if not slots.get(slot):
            return slot
    return None if slots.get("confirm_booking") is True else "confirm_booking"
