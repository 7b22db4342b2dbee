"""Dates as travellers say them in Spain and Latin America; the words are in languages/es/dates.yml.

Expected: `first[..last] [role] [grain] [past]`, several joined by ` ; `. Today is Wednesday, 3 March 2027.
"""

import time
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flights.dates import find_dates, find_stay, warm

WEDNESDAY = date(2027, 3, 3)
MAX_SECONDS = 0.1
SAID = [
    # today and near it
    ("hoy", "2027-03-03"),
    ("mañana", "2027-03-04"),
    ("manana", "2027-03-04"),
    ("Mañana mismo", "2027-03-04"),
    ("pasado mañana", "2027-03-05"),
    ("mañana por la mañana", "2027-03-04"),
    ("mañana en la mañana", "2027-03-04"),
    ("el vuelo de mañana", "2027-03-04"),
    ("ayer", "2027-03-02 past"),
    ("hace dos días", "2027-03-01 past"),
    ("de hoy en ocho", "2027-03-10"),
    # day before month
    ("8/3", "2027-03-08"),
    ("8-3-2027", "2027-03-08"),
    ("5.4.2027", "2027-04-05"),
    ("2027-04-05", "2027-04-05"),
    ("8-mar-2027", "2027-03-08"),
    ("el 8", "2027-03-08"),
    ("el día 8", "2027-03-08"),
    ("el próximo 28", "2027-03-28"),
    ("el ocho de marzo", "2027-03-08"),
    ("8 de marzo de 2028", "2028-03-08"),
    ("8 de marzo del 2028", "2028-03-08"),
    ("marzo 8", "2027-03-08"),
    ("marzo 8 de 2028", "2028-03-08"),
    ("el 12 del 12", "2027-12-12"),
    ("primero de mayo", "2027-05-01"),
    ("uno de mayo", "2027-05-01"),
    ("1º de mayo", "2027-05-01"),
    ("1ro de mayo", "2027-05-01"),
    ("el treinta y uno de mayo", "2027-05-31"),
    ("veintidos de abril", "2027-04-22"),
    ("15 de setiembre", "2027-09-15"),
    ("el 29 de febrero", "2028-02-29"),
    ("viernes, 12 de marzo de 2027", "2027-03-12"),
    ("el viernes 12", "2027-03-12"),
    ("el 8 de este mes", "2027-03-08"),
    ("el 8 del mes que viene", "2027-04-08"),
    ("el 8 del próximo mes", "2027-04-08"),
    # weekdays and weeks
    ("el viernes", "2027-03-05"),
    ("este viernes", "2027-03-05"),
    ("este miercoles", "2027-03-03"),
    ("el próximo viernes", "2027-03-05"),
    ("el proximo miércoles", "2027-03-10"),
    ("el viernes que viene", "2027-03-05"),
    ("el viernes próximo", "2027-03-05"),
    ("el viernes pasado", "2027-02-26 past"),
    ("el viernes de la semana que viene", "2027-03-12"),
    ("el viernes de la próxima semana", "2027-03-12"),
    ("la semana que viene, el martes", "2027-03-09"),
    ("el sabado por la tarde", "2027-03-06"),
    ("biernes", "2027-03-05"),
    ("domigno", "2027-03-07"),
    ("esta semana", "2027-03-03..2027-03-07 week"),
    ("la semana que viene", "2027-03-08..2027-03-14 week"),
    ("la próxima semana", "2027-03-08..2027-03-14 week"),
    ("a mediados de la semana que viene", "2027-03-09..2027-03-11 week"),
    ("el fin de semana", "2027-03-06..2027-03-07 weekend"),
    ("este finde", "2027-03-06..2027-03-07 weekend"),
    ("el próximo fin de semana", "2027-03-06..2027-03-07 weekend"),
    ("el fin de semana siguiente", "2027-03-13..2027-03-14 weekend"),
    ("la semana del 8 de abril", "2027-04-05..2027-04-11 week"),
    ("el fin de semana del 10 de abril", "2027-04-10..2027-04-11 weekend"),
    ("el primer lunes de mayo", "2027-05-03"),
    ("el último fin de semana de abril", "2027-04-24..2027-04-25 weekend"),
    # months
    ("en junio", "2027-06-01..2027-06-30 month"),
    ("el mes que viene", "2027-04-01..2027-04-30 month"),
    ("a principios de abril", "2027-04-01..2027-04-10 month"),
    ("a mediados de abril", "2027-04-11..2027-04-20 month"),
    ("a finales de mayo", "2027-05-21..2027-05-31 month"),
    ("a fines de este mes", "2027-03-21..2027-03-31 month"),
    # distances
    ("en dos semanas", "2027-03-17"),
    ("dentro de 3 días", "2027-03-06"),
    ("de aquí a un mes", "2027-04-03"),
    ("dos días antes de Navidad", "2027-12-23"),
    ("el día después de Navidad", "2027-12-26"),
    ("una semana después del 8 de abril", "2027-04-15"),
    # holidays
    ("en Navidad", "2027-12-25"),
    ("Nochebuena", "2027-12-24"),
    ("para Nochevieja", "2027-12-31"),
    ("fin de año", "2027-12-31"),
    ("en Año Nuevo", "2028-01-01"),
    ("ano nuevo", "2028-01-01"),
    ("el día de Reyes", "2028-01-06"),
    ("en Semana Santa", "2027-03-21"),
    ("Jueves Santo", "2027-03-25"),
    ("el Viernes Santo", "2027-03-26"),
    ("en Pascua", "2027-03-28"),
    ("lunes de Pascua", "2027-03-29"),
    ("el Día de Muertos", "2027-11-02"),
    # ranges
    ("del 3 al 10 de mayo", "2027-05-03..2027-05-10 range"),
    ("desde el 3 hasta el 10 de mayo", "2027-05-03..2027-05-10 range"),
    ("entre el 3 y el 10 de mayo", "2027-05-03..2027-05-10 range"),
    ("del 28 de abril al 3 de mayo", "2027-04-28..2027-05-03 range"),
    ("del 8/4 al 12/4", "2027-04-08..2027-04-12 range"),
    ("del 10 al 17", "2027-03-10..2027-03-17 range"),
    ("del 3 al 10 del mes que viene", "2027-04-03..2027-04-10 range"),
    ("del lunes al viernes", "2027-03-08..2027-03-12 range"),
    ("el 8 de abril por 5 días", "2027-04-08..2027-04-13 range"),
    ("del 3 de mayo durante una semana", "2027-05-03..2027-05-10 range"),
    ("un viaje de 10 días desde el 4 de mayo", "2027-05-04..2027-05-14 range"),
    ("cambiar del viernes al domingo", "2027-03-05 ; 2027-03-07"),
    ("el lunes o el martes", "2027-03-08 ; 2027-03-09"),
    # there and back
    ("salgo el viernes y vuelvo el lunes", "2027-03-05 departure ; 2027-03-08 return"),
    ("ida el 8 de marzo y vuelta el 12", "2027-03-08 departure ; 2027-03-12 return"),
    ("salida 10/04, regreso 20/04", "2027-04-10 departure ; 2027-04-20 return"),
    ("quiero salir el 8 y regresar el 15 de abril", "2027-04-08 departure ; 2027-04-15 return"),
    ("me voy el martes y regreso el jueves", "2027-03-09 departure ; 2027-03-11 return"),
    ("un vuelo de ida y vuelta el 8 de marzo", "2027-03-08 departure"),
    ("de vuelta el 20 de abril", "2027-04-20 return"),
    ("salgo a partir del 3", "2027-03-03 departure"),
]
NOT_SAID = [
    "por la mañana", "en la mañana", "a las 8 de la mañana", "buenos días", "buenas tardes", "¡Hasta mañana!",
    "el 31 de abril", "Isla de Pascua", "un vuelo a Santo Domingo", "2 personas", "somos dos", "dos maletas",
    "a las 8", "a las 14.30", "24/7", "un vuelo de 2 horas", "quiero el 3", "me quedo con el 2", "el vuelo 3",
    "la segunda", "de nada", "a ver", "una pregunta", "para nada", "cualquier día", "volver a intentarlo",
    "ocho de la tarde",
]  # fmt: skip


def in_words(mention) -> str:
    last = f"..{mention.last}" if mention.last else ""
    grain = "" if mention.grain == "day" else mention.grain
    words = (f"{mention.first}{last}", mention.role, grain, "past" if mention.past else "")
    return " ".join(word for word in words if word)


def find(text: str, **known) -> str:
    return " ; ".join(in_words(one) for one in find_dates(text, today=WEDNESDAY, locale="es", **known))


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_date(text, expected):
    assert find(text) == expected


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_date(text):
    assert find(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("el 8", "2027-03-08"),
        ("el quince", "2027-03-15"),
        ("pues el 20, por favor", "2027-03-20"),
        ("8-3", "2027-03-08"),
        ("5.4", "2027-04-05"),
        ("abril", "2027-04-01..2027-04-30 month"),
        ("8 personas", ""),
        ("ocho de la mañana", ""),
    ],
)
def test_an_answer_to_the_question_for_the_day(text, expected):
    assert find(text, asked="departure_date") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("el lunes", "2027-04-12"),
        ("una semana", "2027-04-15 return"),
        ("una semana después", "2027-04-15 return"),
        ("a los 5 días", "2027-04-13 return"),
        ("al día siguiente", "2027-04-09 return"),
        ("el mismo día", "2027-04-08 return"),
        ("me quedo tres noches", "2027-04-11 return"),
    ],
)
def test_a_return_counts_from_the_departure(text, expected):
    assert find(text, after=date(2027, 4, 8), asked="return_date") == expected


@pytest.mark.parametrize(
    ("text", "days", "months"),
    [("por una semana", 7, 0), ("durante diez días", 10, 0), ("5 noches", 5, 0), ("nos quedamos un mes", 0, 1)],
)
def test_stay(text, days, months):
    stay = find_stay(text, locale="es")
    assert stay is not None
    assert (stay.days, stay.months) == (days, months)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Salgo  el\tSABADO!", ["el\tSABADO"]),
        ("vuelvo pasado manana", ["pasado manana"]),
        ("del 3 al 10 de mayo, gracias", ["del 3 al 10 de mayo"]),
    ],
)
def test_spans_point_into_the_text_as_it_was_said(text, said):
    assert [one.text for one in find_dates(text, today=WEDNESDAY, locale="es")] == said


VOCABULARY = (
    "el del al 8 31 de marzo mayo 2027 viernes lunes próximo que viene semana mes fin principios mañana pasado hoy en "
    "dos días dentro después antes por una la primera último navidad santa salgo vuelvo y o entre hasta desde - / . , "
)
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join)), asked=st.booleans())
@example(text="el 8 de " * 400, asked=True)
@example(text="del viernes al " * 300, asked=False)
def test_no_text_raises_or_takes_long(text, asked):
    warm("es")
    began = time.thread_time()
    mentions = find_dates(text, today=WEDNESDAY, locale="es", asked="departure_date" if asked else None)
    assert time.thread_time() - began < MAX_SECONDS
    assert all(text[one.start : one.end] == one.text for one in mentions)
