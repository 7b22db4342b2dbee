"""Reference and last name in a sentence; what only looks like them."""

from __future__ import annotations

from datetime import date

import pytest

from flights.bookings.records import REFERENCE_ALPHABET
from flights.reading import Context, Span
from flights.reading.proof import ALPHABET, proof_problem, read_last_name, read_reference

TODAY = date(2026, 11, 20)


def read(text: str, asked: str | None = None, **more) -> tuple[str | None, str | None]:
    context = Context(today=TODAY, asked=asked, **{"intent": "inform", "confidence": 0.9, **more})
    reference = read_reference(text, context)
    return reference.value if reference else None, read_last_name(text, context, reference)


def test_references_are_read_in_the_alphabet_they_are_made_of() -> None:
    assert set(ALPHABET) == set(REFERENCE_ALPHABET)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("K7QX2M", "K7QX2M"),
        ("k7qx2m", "K7QX2M"),
        ("abc123", "ABC123"),
        ("KLMNPQ", "KLMNPQ"),
        ("it's klmnpq", "KLMNPQ"),
        ("234567", "234567"),
        ("my reference is K7QX2M", "K7QX2M"),
        ("no, the reference is ABC124", "ABC124"),
        ("not K7QX2M but K7QX2N", "K7QX2N"),
        ("K7Q X2M", "K7QX2M"),
        ("it's K7Q-X2M", "K7QX2M"),
        ("k 7 q x 2 m", "K7QX2M"),
        ("please", None),
        ("rhythm", None),
        ("K7QX2", None),
        ("K7QX2M9", None),
        ("tomorrow at 10", None),
        ("anna12@example.com", None),
    ],
)
def test_a_reference_as_the_answer(text, reference) -> None:
    assert read(text, "trip_reference")[0] == reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("cancel booking K7QX2M", "K7QX2M"),
        ("show booking KLMNPQ", "KLMNPQ"),
        ("change my booking AB1234 please", "AB1234"),
        ("what is the status of flight AZ2345?", None),
        ("status of AZ2345", None),
        ("cancel my flight please", None),
        ("call me on 234567", None),
    ],
)
def test_a_reference_that_nobody_asked_for(text, reference) -> None:
    assert read(text)[0] == reference


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Smith", "Smith"),
        ("smith", "smith"),
        ("van der Berg", "van der Berg"),
        ("O'Brien", "O'Brien"),
        ("Müller-Lüdenscheidt", "Müller-Lüdenscheidt"),
        ("it's under Smith", "Smith"),
        ("sorry, Smyth", "Smyth"),
        ("I meant Smith", "Smith"),
        ("no, Smith", "Smith"),
        ("Smith, not Smyth", "Smith"),
        ("Mr. Jones", "Jones"),
        ("the last name is Jones", "Jones"),
        ("I am Anna Schmidt", "Anna Schmidt"),
        ("I don't know", None),
        ("what name?", None),
        ("no", None),
        ("never mind", None),
        ("17", None),
    ],
)
def test_a_last_name_as_the_answer(text, name) -> None:
    assert read(text, "trip_last_name") == (None, name)


@pytest.mark.parametrize("intent", ["stop", "help", "repeat", "faq"])
def test_a_digression_is_no_last_name(intent) -> None:
    assert read("Baggage", "trip_last_name", intent=intent) == (None, None)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("K7QX2M, Smith", ("K7QX2M", "Smith")),
        ("Smith K7QX2M", ("K7QX2M", "Smith")),
        ("cancel booking K7QX2M for Smith", ("K7QX2M", "Smith")),
        ("change booking K7QX2M, last name Okonkwo", ("K7QX2M", "Okonkwo")),
        ("my reference is K7QX2M and my name is Wei Zhang", ("K7QX2M", "Wei Zhang")),
        ("find my reservation, it's under Okonkwo", (None, "Okonkwo")),
        ("cancel booking K7QX2M please", ("K7QX2M", None)),
        ("cancel booking K7QX2M, I can't travel", ("K7QX2M", None)),
        ("I paid under 200 dollars", (None, None)),
    ],
)
def test_both_in_one_sentence(text, both) -> None:
    assert read(text) == both


def test_a_name_that_the_model_marked_beside_a_reference() -> None:
    text = "K7QX2M was made out to Yamamoto I think"
    marked = (Span(23, 31, "Yamamoto", "name"),)
    assert read(text, spans=marked) == ("K7QX2M", "Yamamoto")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I don't have it", "proof_needed"),
        ("I lost the reference", "proof_needed"),
        ("where do I find it?", "proof_needed"),
        ("no", "proof_needed"),
        ("K7QX2", "not_a_reference"),
        ("it's K7QX2M99", "not_a_reference"),
        ("hello", None),
    ],
)
def test_why_there_is_no_proof(text, kind) -> None:
    problem = proof_problem(text, Context(today=TODAY, asked="trip_reference"))
    assert (problem and problem.kind) == kind
