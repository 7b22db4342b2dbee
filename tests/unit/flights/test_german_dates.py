"""Dates as travellers say them in German: what is said, what is understood, as in `date_expressions.csv`."""

from datetime import date

import pytest

from flights.dates import find_dates, find_stay

WEDNESDAY = date(2027, 3, 3)
SAID = [
    ("heute", "2027-03-03"),
    ("heute Abend", "2027-03-03"),
    ("heute Morgen", "2027-03-03"),
    ("morgen", "2027-03-04"),
    ("morgen früh", "2027-03-04"),
    ("übermorgen", "2027-03-05"),
    ("uebermorgen", "2027-03-05"),
    ("über morgen", "2027-03-05"),
    ("gestern", "2027-03-02 past"),
    ("in zwei Wochen", "2027-03-17"),
    ("in 3 Tagen", "2027-03-06"),
    ("in einem Monat", "2027-04-03"),
    ("in ca. 10 Tagen", "2027-03-13"),
    ("heute in acht Tagen", "2027-03-10"),
    ("heute in zwei Wochen", "2027-03-17"),
    ("in vierzehn Tagen", "2027-03-17"),
    ("morgen in einer Woche", "2027-03-11"),
    ("zwei Wochen ab heute", "2027-03-17"),
    ("vor zwei Tagen", "2027-03-01 past"),
    ("Freitag", "2027-03-05"),
    ("am freitag abend", "2027-03-05"),
    ("Freitagabend", "2027-03-05"),
    ("Freitag morgen", "2027-03-05"),
    ("am Fr", "2027-03-05"),
    ("Fr., 12.3.", "2027-03-12"),
    ("So 14.3.", "2027-03-14"),
    ("fretiag", "2027-03-05"),
    ("sontag", "2027-03-07"),
    ("Sonnabend", "2027-03-06"),
    ("Mittwoch", "2027-03-10"),
    ("diesen Freitag", "2027-03-05"),
    ("kommenden Freitag", "2027-03-05"),
    ("nächsten Freitag", "2027-03-12"),
    ("naechsten freitag", "2027-03-12"),
    ("übernächsten Freitag", "2027-03-19"),
    ("letzten Freitag", "2027-02-26 past"),
    ("nächste Woche Freitag", "2027-03-12"),
    ("Freitag nächster Woche", "2027-03-12"),
    ("am Dienstag in der nächsten Woche", "2027-03-09"),
    ("Freitag in einer Woche", "2027-03-12"),
    ("Freitag in zwei Wochen", "2027-03-19"),
    ("Montag in acht Tagen", "2027-03-15"),
    ("am Wochenende", "2027-03-06..2027-03-07 weekend"),
    ("nächstes Wochenende", "2027-03-13..2027-03-14 weekend"),
    ("am kommenden Wochenende", "2027-03-06..2027-03-07 weekend"),
    ("das Wochenende um den 20.", "2027-03-20..2027-03-21 weekend"),
    ("kommende Woche", "2027-03-08..2027-03-14 week"),
    ("übernächste Woche", "2027-03-15..2027-03-21 week"),
    ("Anfang nächster Woche", "2027-03-08..2027-03-10 week"),
    ("Ende der Woche", "2027-03-05..2027-03-07 week"),
    ("die Woche vom 10.", "2027-03-08..2027-03-14 week"),
    ("nächsten Monat", "2027-04-01..2027-04-30 month"),
    ("kommenden Monat", "2027-04-01..2027-04-30 month"),
    ("im Jänner", "2028-01-01..2028-01-31 month"),
    ("im Feber", "2028-02-01..2028-02-29 month"),
    ("im Mai", "2027-05-01..2027-05-31 month"),
    ("Anfang April", "2027-04-01..2027-04-10 month"),
    ("Mitte April", "2027-04-11..2027-04-20 month"),
    ("Ende März", "2027-03-21..2027-03-31 month"),
    ("Anfang nächsten Monats", "2027-04-01..2027-04-10 month"),
    ("in der ersten Aprilwoche", "2027-04-01..2027-04-07 week"),
    ("am 8.", "2027-03-08"),
    ("am 8", "2027-03-08"),
    ("am zweiundzwanzigsten", "2027-03-22"),
    ("am 8. des nächsten Monats", "2027-04-08"),
    ("den 8. März", "2027-03-08"),
    ("8.März", "2027-03-08"),
    ("8. Maerz", "2027-03-08"),
    ("am achten März", "2027-03-08"),
    ("5. Sept.", "2027-09-05"),
    ("8. März 2027", "2027-03-08"),
    ("8.3.", "2027-03-08"),
    ("am 8.3", "2027-03-08"),
    ("8.3.27", "2027-03-08"),
    ("08.03.2027", "2027-03-08"),
    ("8. 3. 2027", "2027-03-08"),
    ("8/3", "2027-03-08"),
    ("2027-03-08", "2027-03-08"),
    ("8.3. 2 Personen", "2027-03-08"),
    ("am 8.3. 14 Uhr", "2027-03-08"),
    ("Montag, den 8. März", "2027-03-08"),
    ("Freitag der 12.", "2027-03-12"),
    ("Heiligabend", "2027-12-24"),
    ("1. Weihnachtstag", "2027-12-25"),
    ("Silvester", "2027-12-31"),
    ("Neujahr", "2028-01-01"),
    ("Karfreitag", "2027-03-26"),
    ("Ostern", "2027-03-28"),
    ("Pfingsten", "2027-05-16"),
    ("Christi Himmelfahrt", "2027-05-06"),
    ("am Tag vor Heiligabend", "2027-12-23"),
    ("zwei Tage nach Ostern", "2027-03-30"),
    ("am ersten Montag im April", "2027-04-05"),
    ("letztes Wochenende im März", "2027-03-27..2027-03-28 weekend"),
    ("von Freitag bis Montag", "2027-03-05..2027-03-08 range"),
    ("von Freitagabend bis Montag früh", "2027-03-05..2027-03-08 range"),
    ("vom 3. bis 10. Mai", "2027-05-03..2027-05-10 range"),
    ("3.-10. Mai", "2027-05-03..2027-05-10 range"),
    ("vom 8. bis zum 12.", "2027-03-08..2027-03-12 range"),
    ("8.-12.3.", "2027-03-08..2027-03-12 range"),
    ("vom 8.3. bis zum 12.3.", "2027-03-08..2027-03-12 range"),
    ("zwischen dem 3. und 7. März", "2027-03-03..2027-03-07 range"),
    ("zwischen Weihnachten und Neujahr", "2027-12-25..2028-01-01 range"),
    ("Freitag oder Samstag", "2027-03-05 ; 2027-03-06"),
    ("Abflug am Freitag", "2027-03-05 departure"),
    ("Hinflug 8.3., Rückflug 12.3.", "2027-03-08 departure ; 2027-03-12 return"),
    ("hin am Freitag, zurück am Montag", "2027-03-05 departure ; 2027-03-08 return"),
    ("am Freitag hin und am Montag zurück", "2027-03-05 departure ; 2027-03-08 return"),
    ("ich fliege am 8. ab und komme am 12. zurück", "2027-03-08 departure ; 2027-03-12 return"),
    ("am 8. nach Rom und am 12. zurück", "2027-03-08 ; 2027-03-12 return"),
    ("hin und zurück am Freitag", "2027-03-05"),
    ("hin- und Rückflug am Freitag", "2027-03-05"),
    ("ohne Rückflug am Freitag", "2027-03-05"),
    ("Rückreise Sonntag", "2027-03-07 return"),
    ("am Freitag für eine Woche", "2027-03-05..2027-03-12 range"),
    ("am 8. März für 5 Tage", "2027-03-08..2027-03-13 range"),
    ("eine zweiwöchige Reise ab Freitag", "2027-03-05..2027-03-19 range"),
    ("am Freitag und eine Woche später zurück", "2027-03-05 ; 2027-03-12 return"),
    ("morgen, zurück am nächsten Tag", "2027-03-04 ; 2027-03-05 return"),
    ("Do oder Fr", "2027-03-04 ; 2027-03-05"),
    ("Mi hin, Fr zurück", "2027-03-10 departure ; 2027-03-12 return"),
    ("in der KW 5", "2028-01-31..2028-02-06 week"),
    ("am 3. Advent", "2027-12-12"),
    ("am 17ten", "2027-03-17"),
    ("ab Freitag, zurück am selben Tag", "2027-03-05 ; 2027-03-05 return"),
]
NOT_SAID = [
    "guten Morgen", "Guten Morgen, ich möchte nach Rom", "Morgen!", "am Morgen", "jeden Morgen", "in der Zeit",
    "eine Frage", "zwei Personen", "so geht das nicht", "die Sieben", "den ersten Flug", "um 14.30", "um 8.10 Uhr",
    "wir sind 8. Danke", "nach Chiang Mai", "nach Mailand", "in Zürich", "in 2 Stunden", "so schnell wie möglich",
    "die zweite Option", "so oder so", "acht Personen", "für mich", "wann landet er?", "30. Februar",
]  # fmt: skip
ASKED = [
    ("15", "departure_date", None, "2027-03-15"),
    ("den 15. bitte", "departure_date", None, "2027-03-15"),
    ("morgen", "departure_date", None, "2027-03-04"),
    ("8.3", "departure_date", None, "2027-03-08"),
    ("März", "departure_date", None, "2027-03-03..2027-03-31 month"),
    ("5 Tage", "return_date", "2027-03-12", "2027-03-17 return"),
    ("eine Woche später", "return_date", "2027-03-12", "2027-03-19 return"),
    ("Montag", "return_date", "2027-03-12", "2027-03-15"),
    ("am 5.", "return_date", "2027-03-12", "2027-04-05"),
]


def in_words(mention) -> str:
    last = f"..{mention.last}" if mention.last else ""
    grain = "" if mention.grain == "day" else mention.grain
    words = (f"{mention.first}{last}", mention.role, grain, "past" if mention.past else "")
    return " ".join(word for word in words if word)


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_expression(text, expected):
    mentions = find_dates(text, today=WEDNESDAY, locale="de")
    assert " ; ".join(in_words(one) for one in mentions) == expected
    assert all(text[one.start : one.end] == one.text != "" for one in mentions)


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_date(text):
    assert find_dates(text, today=WEDNESDAY, locale="de") == ()


@pytest.mark.parametrize(("text", "asked", "after", "expected"), ASKED)
def test_answer(text, asked, after, expected):
    after = after and date.fromisoformat(after)
    mentions = find_dates(text, today=WEDNESDAY, locale="de", asked=asked, after=after)
    assert " ; ".join(in_words(one) for one in mentions) == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [("für eine Woche", 7), ("für 3 Nächte", 3), ("ich bleibe 5 Tage", 5), ("zehn Tage lang", 10), ("Tagesausflug", 0)],
)
def test_stay_without_a_departure(text, days):
    assert find_stay(text, locale="de").days == days


@pytest.mark.parametrize("text", ["am Freitag", "in zwei Wochen", "für 2 Personen", "vor drei Tagen"])
def test_no_stay(text):
    assert find_stay(text, locale="de") is None
