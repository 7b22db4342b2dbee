"""Spanish about bookings already made, and about the conversation itself; the words are in languages/es/reading.yml."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import (
    Context,
    asks_beside,
    leaves_the_queue,
    says_never_mind,
    wants_the_assistant,
    wants_to_forget_the_trip,
    wants_to_start_over,
)
from flights.reading.changes import read_changes
from flights.reading.choices import is_question
from flights.reading.proof import proof_problem, read_last_name, read_reference
from flights.reading.words import pattern, words

TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("prefiero volar el sábado", {"departure_date": "2026-11-28"}),
        ("cambiar mi reserva al 1 de diciembre", {"departure_date": "2026-12-01"}),
        ("cambie mi vuelo del viernes al domingo", {"departure_date": "2026-11-29"}),
        ("pase mi vuelta al domingo", {"return_date": "2026-11-29"}),
        ("mejor vuelvo el 9", {"return_date": "2026-12-09"}),
        ("cambiar la vuelta del 4 al 8", {"return_date": "2026-12-08"}),
        ("salir el 30 y volver el 7", {"departure_date": "2026-11-30", "return_date": "2026-12-07"}),
        ("dos días más tarde", {"departure_date": "2026-11-29"}),
        ("un día antes, por favor", {"departure_date": "2026-11-26"}),
        ("retrase mi vuelo una semana", {"departure_date": "2026-12-04"}),
        ("adelante mi regreso un día", {"return_date": "2026-12-03"}),
        ("queremos quedarnos tres días más", {"return_date": "2026-12-07"}),
        ("posponerlo dos semanas", {"departure_date": "2026-12-11", "return_date": None}),
        ("en business, por favor", {"cabin": "business"}),
        ("con Lufthansa, directo", {"airline": "LH", "nonstop": True}),
        ("cambiar mi vuelo", {}),
    ],
)
def test_what_is_to_change(text: str, values: dict) -> None:
    trip = {
        "origin": "BER", "destination": "FCO", "departure_date": "2026-11-27", "return_date": "2026-12-04",
        "trip_type": "round_trip", "passengers": 2, "cabin": "economy", "refundable": False,
    }  # fmt: skip
    context = Context(today=TODAY, known=trip, intent="change_booking", confidence=0.9, language="es")
    assert read_changes(text, context).values == values


@pytest.mark.parametrize(
    ("text", "asked", "reference", "name"),
    [
        ("mi localizador es K7QX2M", None, "K7QX2M", None),
        ("código de reserva K7QX2M, apellido García", None, "K7QX2M", "García"),
        ("K7QX2M a nombre de García", "trip_reference", "K7QX2M", "García"),
        ("la reserva K7QX2M de Muñoz", None, "K7QX2M", "Muñoz"),
        ("ver la reserva de García K7QX2M", None, "K7QX2M", "García"),
        ("soy Lucía Gómez y el código es K7QX2M", None, "K7QX2M", "Lucía Gómez"),
        ("mi reserva de Madrid a Roma", None, None, None),
        ("no es K7QX2M sino B4TZ9W", "trip_reference", "B4TZ9W", None),
        ("quise decir Gómez", "trip_reference", None, "Gómez"),
        ("García López, por favor", "trip_last_name", None, "García López"),
        ("me apellido Ibáñez", "trip_last_name", None, "Ibáñez"),
        ("de la Cruz", "trip_last_name", None, "de la Cruz"),
        ("soy la señora Ruiz", "trip_last_name", None, "Ruiz"),
        ("no lo sé", "trip_last_name", None, None),
        ("quiero ver mi reserva", None, None, None),
    ],
)
def test_whose_booking(text: str, asked: str | None, reference: str | None, name: str | None) -> None:
    context = Context(today=TODAY, asked=asked, language="es")
    found = read_reference(text, context)
    assert (found and found.value, read_last_name(text, context, found)) == (reference, name)


@pytest.mark.parametrize(
    "text", ["no tengo el código", "no encuentro el localizador", "perdí la confirmación", "no me acuerdo"]
)
def test_who_has_no_proof_is_told_what_it_takes(text: str) -> None:
    problem = proof_problem(text, Context(today=TODAY, asked="trip_reference", language="es"))
    assert problem is not None
    assert problem.kind == "proof_needed"


SAYS = {
    wants_to_start_over: ("volvamos a empezar", "empecemos de cero", "nueva búsqueda", "olvídelo todo"),
    wants_to_forget_the_trip: ("olvide este viaje", "cancele todo", "olvídate del viaje"),
    says_never_mind: ("olvídelo", "no importa", "déjelo así", "bueno, olvídalo"),
    wants_the_assistant: ("volver al bot", "quiero seguir con Skycap", "prefiero hablar con el asistente"),
    leaves_the_queue: ("no quiero esperar más", "cancele eso", "sigamos", "sin persona"),
}
DOES_NOT = {
    wants_to_start_over: ("empieza el lunes", "borre todos mis datos", "quiero empezar mi viaje en Roma"),
    wants_to_forget_the_trip: ("cancelar mi reserva", "olvidé mi maleta"),
    says_never_mind: ("no importa el precio", "no olvide que es el viernes"),
    wants_the_assistant: ("vuelvo el viernes", "el bot dijo Roma"),
    leaves_the_queue: ("cancelar mi reserva", "puedo esperar", "sigo en Madrid"),
}


@pytest.mark.parametrize(("says", "text"), [(says, text) for says, texts in SAYS.items() for text in texts])
def test_words_about_the_conversation(says, text: str) -> None:
    assert says(text, "es")


@pytest.mark.parametrize(("says", "text"), [(says, text) for says, texts in DOES_NOT.items() for text in texts])
def test_words_that_are_not_about_the_conversation(says, text: str) -> None:
    assert not says(text, "es")


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("cancel_it", "sí, cancélela", True),
        ("cancel_it", "cancele la reserva, por favor", True),
        ("cancel_it", "cancelar el viernes", False),
        ("cancel_instead", "mejor cancélela", True),
        ("cancel_instead", "cancelar", False),
        ("keep_it", "déjela como está", True),
        ("keep_it", "no, mejor la mantengo", True),
        ("keep_it", "déjame ver", False),
        ("hesitates", "sí, pero espere", True),
        ("hesitates", "sí", False),
        ("another_booking", "tengo otra reserva", True),
        ("rather", "prefiero volar el viernes", True),
        ("rather", "quiero un vuelo", False),
        ("past", "perdieron mi maleta", True),
        ("past", "quiero volar el viernes", False),
    ],
)
def test_words_about_a_booking(field: str, text: str, expected: bool) -> None:
    assert bool(pattern(getattr(words("es"), field)).search(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿puedo llevar perro", True),
        ("cuánto cuesta", True),
        ("a qué hora sale", True),
        ("me puede decir si es directo", True),
        ("dígame cuándo llega", True),
        ("que sea directo", False),
        ("cuando sea más barato", False),
        ("es el viernes", False),
        ("puede ser el lunes", False),
    ],
)
def test_what_begins_like_a_question(text: str, expected: bool) -> None:
    assert is_question(text, Context(today=TODAY, language="es")) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Dos personas. ¿Puedo llevar perro?",
        "somos dos, cuántas maletas puedo llevar",
        "el 8 de mayo, ¿hay wifi a bordo?",
        "somos dos y cuánto cuesta el equipaje",
    ],
)
def test_a_question_beside_an_answer(text: str) -> None:
    assert asks_beside(text, Context(today=TODAY, language="es"))


def test_every_pattern_compiles() -> None:
    table = words("es")
    for value in vars(table).values():
        for expression in [value] if isinstance(value, str) else [each for each, _ in value]:
            pattern(expression.replace("@count", "dos").replace("@ordinal", "primero"))
