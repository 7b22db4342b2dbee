"""Bookings: held, confirmed, ticketed, cancelled, each step at most once and all of it or nothing.

`states` has the table of allowed steps, `desk` what the assistant's actions call, `proof` whose booking it is,
`records` the rows.
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
    refund_cents,
    release,
    ticket,
)
from flights.bookings.proof import MOST_WRONG_TRIES, ProofLocked, prove
from flights.bookings.states import TRANSITIONS, Booking, HoldExpired, IllegalTransition, UnknownBooking
from flights.inventory import SoldOut
from flights.schedule import UnknownOffer

__all__ = [
    "HOLD_MINUTES",
    "MOST_PASSENGERS",
    "MOST_WRONG_TRIES",
    "TRANSITIONS",
    "Booking",
    "HoldExpired",
    "IllegalTransition",
    "ProofLocked",
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
    "prove",
    "prove_key",
    "refund_cents",
    "release",
    "ticket",
]
