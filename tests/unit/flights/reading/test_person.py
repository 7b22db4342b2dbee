"""Names, e-mail addresses and telephone numbers, asked for or offered."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, Reading, read

TODAY = date(2026, 11, 22)


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, **{"intent": "inform", **context}))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna Schmidt", "Anna Schmidt"),
        ("anna schmidt", "Anna Schmidt"),
        ("My name is Anna Schmidt", "Anna Schmidt"),
        ("I'm Anna Schmidt.", "Anna Schmidt"),
        ("it's John Paris", "John Paris"),
        ("Jean-Luc O'Neill", "Jean-Luc O'Neill"),
        ("José María García López", "José María García López"),
        ("Dr. Paula Weber", "Paula Weber"),
        ("Mrs Jane Doe", "Jane Doe"),
        ("joão dos santos", "João dos Santos"),
        ("al gore", "Al Gore"),
        ("李 小龍", "李 小龍"),
        ("Anna Schmidt, anna@example.com", "Anna Schmidt"),
        ("Paris Berlin", "Paris Berlin"),
    ],
)
def test_a_name_when_asked(text: str, name: str) -> None:
    reading = told(text, asked="passenger_name")
    assert reading.values["passenger_name"] == name
    assert "destination" not in reading.values
    assert reading.problems == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel my flight", "inform"),
        ("what is this", "inform"),
        ("yes please", "affirm"),
        ("I want another flight", "inform"),
        ("start over again", "inform"),
    ],
)
def test_what_is_no_name(text: str, intent: str) -> None:
    assert "passenger_name" not in told(text, asked="passenger_name", intent=intent).values


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("business class", "en"),
        ("In business class instead", "en"),
        ("premium economy", "en"),
        ("clase turista", "es"),
        ("lieber zweite Klasse", "de"),
    ],
)
def test_a_cabin_is_no_name(text: str, language: str) -> None:
    reading = told(text, asked="passenger_name", language=language)
    assert "passenger_name" not in reading.values
    assert reading.values["cabin"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("to Madrid", "en"), ("leaving from Munich", "en"), ("nach Madrid", "de"), ("mejor el lunes", "es")],
)
def test_no_name_begins_with_where_or_when(text: str, language: str) -> None:
    assert "passenger_name" not in told(text, asked="passenger_name", language=language).values


@pytest.mark.parametrize(
    "text", ["Ursula von der Leyen", "Inés de la Fuente", "Ana de la Torre", "Amir Solomon", "Alba Vonnegut"]
)
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_small_words_inside_a_name_are_its_own(text: str, language: str) -> None:
    (name,) = told(text, asked="passenger_name", language=language).values.values()
    assert name.casefold() == text.casefold()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mario von der heide", "Mario von der Heide"),
        ("anna maria de la cruz", "Anna Maria de la Cruz"),
        ("ana da silva", "Ana da Silva"),
        ("vincent van den berg", "Vincent van den Berg"),
        ("omar bin al rashid", "Omar bin al Rashid"),
        ("giulia di marco", "Giulia di Marco"),
        ("van morrison", "Van Morrison"),
        ("karl der", "Karl Der"),
        ("Ursula Von Der Leyen", "Ursula Von Der Leyen"),
        ("Robert De Niro", "Robert De Niro"),
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_small_words_between_parts_of_a_name_stay_as_they_are_written(text: str, name: str, language: str) -> None:
    assert told(text, asked="passenger_name", language=language).values == {"passenger_name": name}


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_name_may_sound_like_a_cabin(language: str) -> None:
    assert told("Umberto Eco", asked="passenger_name", language=language).values == {"passenger_name": "Umberto Eco"}


@pytest.mark.parametrize("text", ["Anna", "12345", "R2 D2"])
def test_half_a_name_is_asked_again(text: str) -> None:
    reading = told(text, asked="passenger_name")
    assert [(each.kind, each.slot) for each in reading.problems] == [("not_a_name", "passenger_name")]
    assert "passenger_name" not in reading.values


def test_a_name_offered_before_it_is_asked() -> None:
    assert told("my name is Anna Schmidt").values == {"passenger_name": "Anna Schmidt"}


@pytest.mark.parametrize("asked", ["contact_email", None])
@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("anna@example.com", "anna@example.com"),
        ("it's anna@example.com.", "anna@example.com"),
        ("anna.schmidt+travel@mail.example.co.uk", "anna.schmidt+travel@mail.example.co.uk"),
        ("send it to ANNA_S@example.org please", "ANNA_S@example.org"),
    ],
)
def test_email(text: str, email: str, asked: str | None) -> None:
    assert told(text, asked=asked).values == {"contact_email": email}


@pytest.mark.parametrize("text", ["anna@example", "anna@", "@example.com", "anna at 123"])
def test_no_email(text: str) -> None:
    reading = told(text, asked="contact_email")
    assert [(each.kind, each.slot) for each in reading.problems] == [("not_an_email", "contact_email")]
    assert "contact_email" not in reading.values


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+49 30 1234567", "+49 30 1234567"),
        ("030 1234567", "030 1234567"),
        ("(212) 555-0100", "(212) 555-0100"),
        ("my number is 212.555.0100", "212.555.0100"),
        ("0049-30-1234567 please", "0049-30-1234567"),
        ("+12125550100", "+12125550100"),
    ],
)
def test_phone_when_asked(text: str, phone: str) -> None:
    reading = told(text, asked="contact_phone")
    assert reading.values == {"contact_phone": phone}
    assert reading.problems == []


@pytest.mark.parametrize("text", ["12345", "555 01"])
def test_no_phone(text: str) -> None:
    reading = told(text, asked="contact_phone")
    assert [(each.kind, each.slot) for each in reading.problems] == [("not_a_phone", "contact_phone")]
    assert "contact_phone" not in reading.values


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("my phone is 030 1234567", "030 1234567"),
        ("call me at +49 30 1234567", "+49 30 1234567"),
        ("from Berlin on 2026-12-10", None),
    ],
)
def test_phone_offered(text: str, phone: str | None) -> None:
    assert told(text).values.get("contact_phone") == phone


@pytest.mark.parametrize("asked", ["passenger_name", "contact_email", "contact_phone"])
@pytest.mark.parametrize("intent", ["faq", "stop", "help"])
def test_a_digression_is_no_failed_answer(asked: str, intent: str) -> None:
    reading = told("why do you need that?", asked=asked, intent=intent)
    assert reading.values == {}
    assert reading.problems == []
