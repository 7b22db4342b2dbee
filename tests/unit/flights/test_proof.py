"""Proof of a booking: one answer to everything wrong, a lock after three wrong tries, on both kinds of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from flights import bookings, database, schedule
from flights.bookings import ProofLocked, prove

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
OFFER = schedule.search(None, origin="BER", destination="FCO", departure_date=date(2026, 12, 8), nonstop=True)[0]


def book(engine, name: str = "Zoë van der Berg", key: str = "key") -> str:
    held = bookings.hold(
        engine, offer_id=OFFER.id, passengers=1, conversation_id="elsewhere", idempotency_key=key, now=NOW
    )
    who = {"passenger_name": name, "contact_email": "zoe@example.com", "contact_phone": "+15550100"}
    return bookings.confirm(engine, held.reference, now=NOW, **who).reference


def attempt(engine, reference: str, last_name: str, *, conversation: str = "talk", minutes: float = 0):
    now = NOW + timedelta(minutes=minutes)
    return prove(engine, reference, last_name, conversation_id=conversation, now=now, lock_minutes=30)


def guess(engine, reference: str, *, conversation: str = "talk", minutes: float = 0) -> str:
    try:
        found = attempt(engine, reference, "Wrong", conversation=conversation, minutes=minutes)
    except ProofLocked:
        return "locked"
    return "found" if found else "wrong"


@pytest.mark.parametrize("last_name", ["van der Berg", "BERG", "zoe van der berg"])
def test_reference_and_last_name_prove_a_booking(engine, last_name) -> None:
    reference = book(engine)
    assert attempt(engine, f" {reference.lower()} ", last_name).reference == reference


def test_a_wrong_name_and_a_wrong_reference_look_the_same(engine) -> None:
    reference = book(engine)
    assert attempt(engine, reference, "Zoë") is None
    assert attempt(engine, "ZZZZZZ", "Berg") is None


def test_the_third_wrong_try_locks_the_booking_for_everybody(engine) -> None:
    reference = book(engine)
    assert [guess(engine, reference, conversation=name) for name in "abc"] == ["wrong", "wrong", "locked"]
    with pytest.raises(ProofLocked):  # the right answer too, from a conversation that never guessed
        attempt(engine, reference, "Berg", conversation="owner")


def test_the_third_wrong_try_locks_the_conversation_for_every_booking(engine) -> None:
    reference = book(engine)
    assert [guess(engine, other) for other in ("AAAAAA", "BBBBBB", "CCCCCC")] == ["wrong", "wrong", "locked"]
    with pytest.raises(ProofLocked):
        attempt(engine, reference, "Berg")
    assert attempt(engine, reference, "Berg", conversation="owner")


def test_a_booking_that_does_not_exist_is_locked_like_any_other(engine) -> None:
    assert [guess(engine, "ZZZZZZ", conversation=name) for name in "abcd"] == ["wrong", "wrong", "locked", "locked"]


def test_a_lock_ends_after_a_while(engine) -> None:
    reference = book(engine)
    for name in "abc":
        guess(engine, reference, conversation=name)
    assert guess(engine, reference, conversation="d", minutes=29) == "locked"
    assert attempt(engine, reference, "Berg", minutes=30).reference == reference


def test_tries_while_locked_do_not_prolong_the_lock(engine) -> None:
    reference = book(engine)
    outcomes = [guess(engine, reference, minutes=minutes) for minutes in (0, 0, 0, 20, 29)]
    assert outcomes == ["wrong", "wrong", "locked", "locked", "locked"]
    assert attempt(engine, reference, "Berg", minutes=30)


def test_the_right_answer_clears_the_booking_but_not_the_conversation(engine) -> None:
    own, others = book(engine), book(engine, "Ada Lovelace", "other")
    assert [guess(engine, others), guess(engine, others)] == ["wrong", "wrong"]
    assert attempt(engine, own, "Berg")  # one's own booking in between buys no further guess
    assert guess(engine, others) == "locked"
    reference = book(engine, "Grace Hopper", "third")
    assert [guess(engine, reference, conversation=name) for name in "de"] == ["wrong", "wrong"]
    assert attempt(engine, reference, "Hopper", conversation="owner")
    assert guess(engine, reference, conversation="f") == "wrong"


def test_guesses_at_the_same_moment_do_not_pass_the_limit(engine) -> None:
    reference = book(engine)
    with ThreadPoolExecutor(max_workers=12) as pool:
        by_booking = list(pool.map(lambda each: guess(engine, reference, conversation=f"crowd {each}"), range(24)))
        by_talk = list(pool.map(lambda each: guess(engine, f"QQQQ{each:02d}", conversation="one"), range(24)))
    for outcomes in (by_booking, by_talk):
        assert outcomes.count("wrong") == bookings.MOST_WRONG_TRIES - 1
        assert outcomes.count("locked") == 24 - outcomes.count("wrong")


def test_old_tries_are_deleted(engine) -> None:
    guess(engine, "ZZZZZZ", conversation="old")
    guess(engine, "YYYYYY", conversation="new", minutes=31)
    with database.read(engine) as connection:
        rows = select(func.count()).select_from(database.proof_attempts)
        assert connection.execute(rows).scalar_one() == 2


def test_a_booking_nobody_confirmed_cannot_be_proven(engine) -> None:
    held = bookings.hold(
        engine, offer_id=OFFER.id, passengers=1, conversation_id="talk", idempotency_key="held", now=NOW
    )
    assert attempt(engine, held.reference, "") is None
    assert attempt(engine, held.reference, "Berg") is None


def test_what_is_paid_back_is_the_refundable_fare_of_everybody(engine) -> None:
    search = {"origin": "BER", "destination": "FCO", "departure_date": date(2026, 12, 8)}
    flexible = schedule.search(None, **search, refundable=True)[0]
    sold = bookings.hold(
        engine, offer_id=flexible.id, passengers=2, conversation_id="talk", idempotency_key="flexible", now=NOW
    )
    assert bookings.refund_cents(sold) == sold.total_cents == 2 * flexible.price_cents
    assert bookings.refund_cents(bookings.get(engine, book(engine))) == 0
