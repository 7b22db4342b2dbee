"""Bookings: held, confirmed, ticketed, cancelled, each step at most once and all of it or nothing.

`states` has the table of allowed steps, `desk` what the assistant's actions call, `records` the rows.
"""

from flights.bookings.desk import (
    HOLD_MINUTES,
    MOST_PASSENGERS,
    cancel,
    change,
    change_fee_cents,
    confirm,
    expire_holds,
    find,
    get,
    hold,
    last_booking,
    prove_key,
    ticket,
)
from flights.bookings.states import TRANSITIONS, Booking, HoldExpired, IllegalTransition, UnknownBooking
from flights.inventory import SoldOut
from flights.schedule import UnknownOffer

__all__ = [
    "HOLD_MINUTES",
    "MOST_PASSENGERS",
    "TRANSITIONS",
    "Booking",
    "HoldExpired",
    "IllegalTransition",
    "SoldOut",
    "UnknownBooking",
    "UnknownOffer",
    "cancel",
    "change",
    "change_fee_cents",
    "confirm",
    "expire_holds",
    "find",
    "get",
    "hold",
    "last_booking",
    "prove_key",
    "ticket",
]
