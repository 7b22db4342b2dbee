"""Passengers are encrypted in the table, also those who were there before; without a key nothing is written."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, text
from sqlalchemy.engine import Engine

from flights import bookings, database, sealed
from skycap.vault import BadKey, Keys
from tests.unit.flights import buyers

ROW = {
    "reference": "BCDFGH", "conversation_id": "talk", "idempotency_key": "key", "state": "confirmed", "offer_id": "any",
    "passengers": 1, "total_cents": 1, "currency": "EUR", "origin": "BER", "destination": "FCO",
    "departure_date": date(2026, 12, 12), "trip_type": "one_way", "created_at": buyers.NOW, "version": 1,
}  # fmt: skip


def written(engine: Engine) -> str:
    with database.read(engine) as connection:
        row = connection.execute(text("SELECT passenger_name, contact_email, contact_phone FROM bookings")).one()
    return " ".join(row)


def add(engine: Engine) -> None:
    with database.write(engine) as connection:
        connection.execute(insert(database.bookings).values(**ROW, **buyers.PERSON))


def test_a_passenger_is_encrypted_in_the_table_and_plain_in_python(engine: Engine) -> None:
    add(engine)
    assert not any(value in written(engine) for value in buyers.PERSON.values())
    booking = bookings.get(engine, "BCDFGH")
    assert booking.passenger_name == "Ada Lovelace" and booking.contact_email == "ada@example.com"
    assert bookings.find(engine, "BCDFGH", "lovelace") == booking


def test_the_longest_name_there_may_be_fits(engine: Engine) -> None:
    with database.write(engine) as connection:
        connection.execute(insert(database.bookings).values(**ROW, passenger_name="Ä" * 255))
    assert bookings.get(engine, "BCDFGH").passenger_name == "Ä" * 255


def test_another_key_is_noticed(engine: Engine) -> None:
    bookings.prove_key(engine)
    add(engine)
    bookings.prove_key(engine)
    sealed.use(Keys(Fernet.generate_key().decode()))
    with pytest.raises(BadKey):
        bookings.prove_key(engine)


def test_without_a_key_no_passenger_is_written(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "_cipher", None)
    with pytest.raises(Exception, match="has no key"):
        add(engine)


def test_passengers_from_before_are_encrypted_when_the_database_is_brought_up_to_date(url: str) -> None:
    engine = database.engine(url)
    add(engine)
    with database.write(engine) as connection:  # as version 0002 left it
        connection.execute(
            text("UPDATE bookings SET passenger_name = :passenger_name, contact_email = :contact_email"), buyers.PERSON
        )
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert "Ada" in written(engine)
    assert bookings.get(engine, "BCDFGH").passenger_name == "Ada Lovelace"
    database.migrate(url)
    assert "Ada" not in written(engine) and "example.com" not in written(engine)
    assert bookings.get(engine, "BCDFGH").passenger_name == "Ada Lovelace"
