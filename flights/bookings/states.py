"""The states of a booking, the steps allowed between them, and what goes wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

TRANSITIONS: dict[str, frozenset[str]] = {
    "held": frozenset({"confirmed", "cancelled", "expired"}),
    "confirmed": frozenset({"ticketed", "cancelled"}),
    "ticketed": frozenset({"cancelled"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
}


class UnknownBooking(LookupError):
    """No booking has this reference."""


class HoldExpired(Exception):
    """The seats were kept for a while and nobody confirmed."""


class IllegalTransition(Exception):
    """A booking cannot go from its state to the one wanted."""


@dataclass(frozen=True)
class Booking:
    """A booking as it stands. `offer_id` rebuilds its flights; `total_cents` is for all passengers and
    includes `fees_cents`; `expires_at` is set while held."""

    reference: str
    conversation_id: str
    state: str
    offer_id: str
    passengers: int
    total_cents: int
    fees_cents: int
    currency: str
    origin: str
    destination: str
    departure_date: date
    return_date: date | None
    trip_type: str
    passenger_name: str | None
    contact_email: str | None
    contact_phone: str | None
    idempotency_key: str
    created_at: datetime
    expires_at: datetime | None
    version: int


def check(reference: str, state: str, wanted: str) -> None:
    """Raises `IllegalTransition` unless the table allows the step."""
    if wanted not in TRANSITIONS[state]:
        raise IllegalTransition(f"Booking {reference} is {state} and cannot become {wanted}.")
