"""German words: going on and away, yes and no, cancelling and keeping, proof of a booking, changes of one."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import (
    Context,
    leaves_the_queue,
    says_never_mind,
    says_something,
    wants_the_assistant,
    wants_to_forget_the_trip,
    wants_to_start_over,
)
from flights.reading.changes import read_changes
from flights.reading.proof import proof_problem, read_last_name, read_reference
from flights.reading.words import pattern, words

TODAY = date(2026, 11, 22)
BOOKED = {
    "origin": "BER", "destination": "LIS", "departure_date": "2026-12-04", "return_date": "2026-12-11",
    "trip_type": "round_trip", "passengers": 2, "cabin": "economy",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [
        (wants_to_start_over, ["von vorne", "nochmal neu", "Neustart", "neue Suche"], ["stopp", "noch eine Person"]),
        (wants_to_forget_the_trip, ["diese Reise vergessen", "brechen Sie alles ab"], ["abbrechen"]),
        (says_never_mind, ["schon gut", "vergessen Sie es", "hat sich erledigt"], ["gut", "nicht am Freitag"]),
        (wants_the_assistant, ["zurück zu Skycap", "weiter mit dem Bot"], ["zurück am Freitag"]),
        (leaves_the_queue, ["abbrechen", "ich will nicht mehr warten"], ["wie lange dauert es"]),
    ],
)
def test_going_on_and_away(said, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not said(text, "de")] == []
    assert [text for text in no if said(text, "de")] == []


@pytest.mark.parametrize(
    ("field", "yes", "no"),
    [
        ("yes", ["ja", "Jawohl", "gerne", "passt", "das stimmt"], ["nein", "passt nicht", "Guten Tag", "Januar"]),
        ("no", ["nein", "nö", "lieber nicht", "stimmt nicht"], ["noch eine Person", "nach Rom", "neun", "ne Person"]),
        ("cancel_it", ["ja, stornieren", "bitte die Buchung stornieren"], ["kann ich stornieren?", "nicht stornieren"]),
        ("cancel_instead", ["lieber stornieren", "die Buchung doch stornieren"], ["lieber umbuchen"]),
        ("keep_it", ["nein, behalten", "alles so lassen"], ["ja, löschen", "lassen Sie alles löschen"]),
        ("rather", ["ich würde lieber am Freitag fliegen", "den Flug auf Freitag verschieben"], ["am Freitag"]),
        ("question", ["Wann landet er?", "darf ich das", "und gibt es Essen"], ["Wanne", "zu zweit", "ist mir egal"]),
        ("lacks_proof", ["ich finde die Nummer nicht", "keine Ahnung", "habe ich verloren"], ["K7QX2M", "Schmidt"]),
    ],
)
def test_words(field: str, yes: list[str], no: list[str]) -> None:
    expression = pattern(getattr(words("de"), field))
    assert [text for text in yes if not expression.search(text)] == []
    assert [text for text in no if expression.search(text)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("von Berlin nach Rom", True), ("nächsten Freitag", True), ("hallo", False), ("danke", False)],
)
def test_says_something(text: str, expected: bool) -> None:
    assert says_something(text, today=TODAY, language="de") is expected


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("K7QX2M, Schmidt", ("K7QX2M", "Schmidt")),
        ("Buchung K7QX2M auf Schmidt stornieren", ("K7QX2M", "Schmidt")),
        ("Ich möchte die Buchung K7QX2M ändern, Schmidt", ("K7QX2M", "Schmidt")),
        ("Buchungsnummer K7QX2M, Nachname Müller", ("K7QX2M", "Müller")),
        ("meine Buchungsnummer ist K7QX2M und mein Nachname ist Groß", ("K7QX2M", "Groß")),
        ("storniere meine Buchung K7QX2M bitte", ("K7QX2M", None)),
        ("mein Nachname ist Schmidt", (None, "Schmidt")),
        ("auf den Namen Weber", (None, "Weber")),
        ("von Berg", (None, "von Berg")),
        ("nein, ich meinte Meier", (None, "Meier")),
    ],
)
def test_proof(text: str, both: tuple[str | None, str | None]) -> None:
    context = Context(today=TODAY, language="de", asked="trip_last_name", intent="inform")
    reference = read_reference(text, context)
    assert (reference and reference.value, read_last_name(text, context, reference)) == both


@pytest.mark.parametrize("text", ["habe ich nicht", "wo finde ich den Code?", "nein"])
def test_no_proof_at_hand(text: str) -> None:
    problem = proof_problem(text, Context(today=TODAY, language="de", asked="trip_reference"))
    assert problem.kind == "proof_needed"


@pytest.mark.parametrize(
    ("text", "values", "which_day"),
    [
        ("auf den 5. Dezember", {"departure_date": "2026-12-05"}, None),
        ("zwei Tage später", {"departure_date": "2026-12-06"}, None),
        ("einen Tag früher", {"departure_date": "2026-12-03"}, None),
        ("den Rückflug eine Woche später", {"return_date": "2026-12-18"}, None),
        ("von Freitag auf Samstag verschieben", {"departure_date": "2026-12-05"}, None),
        ("lieber morgens", {"departure_time": "morning"}, None),
        ("auf Business Class", {"cabin": "business"}, None),
        ("das Datum", {}, "departure_date"),
        ("den Rückflug", {}, "return_date"),
    ],
)
def test_changes_of_a_booking(text: str, values: dict, which_day: str | None) -> None:
    context = Context(today=TODAY, language="de", known=BOOKED, intent="change_booking", asked="trip_change")
    changes = read_changes(text, context)
    assert (changes.values, changes.which_day) == (values, which_day)
