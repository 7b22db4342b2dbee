"""Which flight shown is chosen, and whether a question was answered yes or no."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, Reading, Shown, read

TODAY = date(2026, 11, 22)
KNOWN = {"origin": "BER", "destination": "LIS", "departure_date": "2026-12-10", "trip_type": "one_way", "passengers": 1}
LUFTHANSA, DELTA, TAP = "BER-LIS-20261210-LH1170-E", "BER-LIS-20261210-DL71-E", "BER-LIS-20261210-TP531-E"
SHOWN = (
    Shown(LUFTHANSA, "LH", "09:15", "12:00", 30000, 225, 0),
    Shown(DELTA, "DL", "07:00", "13:30", 20000, 450, 1),
    Shown(TAP, "TP", "18:40", "21:30", 40000, 200, 0),
)


def told(text: str, **context) -> Reading:
    return read(text, Context(today=TODAY, **{"known": KNOWN, **context}))


@pytest.mark.parametrize(
    ("text", "flight"),
    [
        ("the first one", LUFTHANSA),
        ("the 2nd one please", DELTA),
        ("the third one", TAP),
        ("the last one", TAP),
        ("option 2", DELTA),
        ("number 3", TAP),
        ("3", TAP),
        ("I'll take number 2", DELTA),
        ("the cheapest", DELTA),
        ("the cheapest one please", DELTA),
        ("the cheapest nonstop", LUFTHANSA),
        ("the fastest one", TAP),
        ("the shortest flight", TAP),
        ("the earliest", DELTA),
        ("the latest one", TAP),
        ("the 7 am one", DELTA),
        ("the one at 18:40", TAP),
        ("the evening one", TAP),
        ("the Delta one", DELTA),
        ("the Lufthansa flight", LUFTHANSA),
        ("that one is good", LUFTHANSA),
        ("yes", LUFTHANSA),
        ("I'll take it", LUFTHANSA),
    ],
)
@pytest.mark.parametrize("intent", ["choose_flight", "inform", None])
def test_choosing(text: str, flight: str, intent: str | None) -> None:
    reading = told(text, asked="selected_flight", shown=SHOWN, intent=intent)
    assert reading.values == {"selected_flight": flight}
    assert reading.problems == []


@pytest.mark.parametrize(("text", "number"), [("number 9", 9), ("option 4", 4), ("the fifth one", 5), ("7", 7)])
def test_a_number_that_is_not_shown(text: str, number: int) -> None:
    reading = told(text, asked="selected_flight", shown=SHOWN, intent="choose_flight")
    assert "selected_flight" not in reading.values
    assert [(each.kind, each.details) for each in reading.problems] == [("no_such_option", {"number": number})]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("March 4th", "inform"),
        ("on the second of January", "inform"),
        ("first class please", "inform"),
        ("no", "deny"),
        ("none of these", "deny"),
        ("show me more", "more_options"),
        ("when does it land?", "ask_flight_detail"),
        ("how much luggage may I take?", "faq"),
        ("stop", "stop"),
        ("to Rome instead", "inform"),
    ],
)
def test_no_choice(text: str, intent: str) -> None:
    assert "selected_flight" not in told(text, asked="selected_flight", shown=SHOWN, intent=intent).values


def test_nothing_shown_is_nothing_chosen() -> None:
    assert "selected_flight" not in told("the first one", asked="selected_flight", intent="choose_flight").values


def test_a_choice_may_be_changed_while_another_question_is_open() -> None:
    reading = told("I'd rather take the second one", asked="contact_email", shown=SHOWN, intent="choose_flight")
    assert reading.values["selected_flight"] == DELTA


@pytest.mark.parametrize("asked", ["passenger_name", "contact_email", "confirm_booking"])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the second", "en"), ("den zweiten", "de"), ("nein, den zweiten", "de"), ("lieber den zweiten bitte", "de"),
        ("el 2", "es"),
    ],
)  # fmt: skip
def test_the_second_is_a_flight_rather_than_a_day(text: str, language: str, asked: str) -> None:
    known = {**KNOWN, "selected_flight": LUFTHANSA}
    reading = told(text, asked=asked, known=known, shown=SHOWN, intent="choose_flight", language=language)
    assert reading.values == {"selected_flight": DELTA}


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [("the first one", "en", None), ("den ersten", "de", None), ("yes, the first one", "en", True)],
)
def test_to_choose_the_same_flight_again_is_no_yes(text: str, language: str, answer: bool | None) -> None:
    known = {**KNOWN, "selected_flight": LUFTHANSA}
    reading = told(text, asked="confirm_booking", known=known, shown=SHOWN, intent="choose_flight", language=language)
    assert reading.values.get("confirm_booking") is answer


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("am zweiten", "passenger_name"), ("den zweiten Dezember", "passenger_name"),
        ("den 2.", "departure_date"), ("den zweiten", "departure_date"),
    ],
)  # fmt: skip
def test_the_second_of_a_month_is_a_day(text: str, asked: str) -> None:
    reading = told(text, asked=asked, shown=SHOWN, intent="inform", language="de")
    assert reading.values == {"departure_date": "2026-12-02"}


@pytest.mark.parametrize("asked", ["confirm_trip", "confirm_booking"])
@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("yes", "affirm", True),
        ("yes please", "affirm", True),
        ("Yep, book it", "affirm", True),
        ("sure", None, True),
        ("that's right", "affirm", True),
        ("go ahead", "affirm", True),
        ("sounds good", None, True),
        ("no", "deny", False),
        ("nope", None, False),
        ("not yet", "deny", False),
        ("that's wrong", "deny", False),
        ("what is the baggage allowance?", "faq", None),
        ("is it refundable?", "ask_flight_detail", None),
        ("hmm", None, None),
        ("hmm well", "affirm", None),
        ("um, so and so, not really sure", "affirm", None),
        ("maybe", "affirm", None),
        ("I'm sure", "affirm", True),
        ("well, yes", "affirm", True),
        ("ok, bye", "affirm", None),
        ("ok, bye", "goodbye", None),
        ("okay great, thanks so much, see you later", "affirm", None),
        ("perfect, I have to go, bye bye", "goodbye", None),
        ("yes, book it, bye", "affirm", True),
        ("yes please, thanks, bye", "goodbye", True),
        ("ok, book it, bye", "goodbye", True),
        ("no, bye", "goodbye", False),
        ("stop", "stop", None),
    ],
)
def test_confirmations(asked: str, text: str, intent: str | None, answer: bool | None) -> None:
    assert told(text, asked=asked, intent=intent).values.get(asked) is answer


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("yes, but on December 11", "departure_date", "2026-12-11"),
        ("yes but to Porto", "destination", "OPO"),
        ("ok but for two people", "passengers", 2),
        ("no, from Hamburg", "origin", "HAM"),
        ("yes, but in business class", "cabin", "business"),
    ],
)
def test_a_yes_with_a_change_is_a_change(text: str, slot: str, value) -> None:
    reading = told(text, asked="confirm_booking", intent="affirm" if text[0] != "n" else "deny")
    assert reading.values == {slot: value}


@pytest.mark.parametrize(
    ("text", "intent"), [("no, the second one", "choose_flight"), ("yes, but the name is Ann Smith", "affirm")]
)
def test_nothing_is_confirmed_by_a_sentence_that_changes_it(text: str, intent: str) -> None:
    known = {**KNOWN, "selected_flight": LUFTHANSA, "passenger_name": "Anna Schmidt"}
    reading = told(text, asked="confirm_booking", intent=intent, known=known, shown=SHOWN)
    assert reading.values
    assert "confirm_booking" not in reading.values


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("okay tschüss", None),
        ("alles klar, danke, bis dann", None),
        ("gut, ich muss los, auf Wiedersehen", None),
        ("ja bitte, danke, tschüss", True),
        ("ok, buchen, tschüss", True),
    ],
)
def test_who_takes_leave_in_german_says_no_yes(text: str, answer: bool | None) -> None:
    for intent in ("affirm", "goodbye"):
        assert told(text, asked="confirm_booking", intent=intent, language="de").values.get("confirm_booking") is answer


@pytest.mark.parametrize("intent", ["goodbye", "affirm"])
def test_who_takes_leave_chooses_no_flight(intent: str) -> None:
    assert told("ok, bye", asked="selected_flight", intent=intent, shown=SHOWN).values == {}


def test_yes_confirms_nothing_when_nothing_was_asked() -> None:
    assert told("yes", intent="affirm").values == {}
