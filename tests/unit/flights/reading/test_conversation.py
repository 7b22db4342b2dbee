"""Words about the conversation itself: never mind, back to the assistant, no more waiting."""

from __future__ import annotations

from datetime import date

import pytest

from flights.reading import Context, Span, leaves_the_queue, read, says_never_mind, wants_the_assistant


@pytest.mark.parametrize("text", ["never mind", "oh nevermind then", "nvm", "forget it", "ok forget that, thanks"])
def test_never_mind_is_the_whole_sentence(text: str) -> None:
    assert says_never_mind(text)
    assert leaves_the_queue(text)


@pytest.mark.parametrize("text", ["never mind the price", "don't forget it is Friday", "I will never forget that city"])
def test_a_sentence_about_something_is_no_never_mind(text: str) -> None:
    assert not says_never_mind(text)


@pytest.mark.parametrize(
    "text", ["back to Skycap", "back to the bot please", "I want to go on with Skycap", "return to the assistant"]
)
def test_the_assistant_is_asked_back(text: str) -> None:
    assert wants_the_assistant(text)


@pytest.mark.parametrize(
    "text", ["I come back on Friday", "the bot said Rome", "go on", "I talked to Skycap before", "back to Berlin"]
)
def test_words_for_the_person_are_left_to_the_person(text: str) -> None:
    assert not wants_the_assistant(text)


@pytest.mark.parametrize("text", ["stop", "cancel that please", "I don't want to wait any longer", "let's go on"])
def test_who_waits_may_leave(text: str) -> None:
    assert leaves_the_queue(text)


@pytest.mark.parametrize("text", ["cancel my booking", "the train stop", "I can wait", "go on Friday"])
def test_what_the_person_should_read_does_not_leave(text: str) -> None:
    assert not leaves_the_queue(text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("go back one", "passengers"), ("undo", "passenger_name"), ("no wait, go back", "confirm_booking")],
)
def test_going_back_answers_no_question(text: str, asked: str) -> None:
    reading = read(text, Context(today=date(2026, 11, 20), asked=asked, intent="go_back"))
    assert (reading.values, reading.problems) == ({}, [])


def test_a_day_to_come_back_is_a_day_whatever_the_model_makes_of_it() -> None:
    spans = (Span(8, 14, "Sunday", "date"),)
    context = Context(
        today=date(2026, 11, 20),
        known={"departure_date": "2026-11-27"},
        asked="return_date",
        intent="go_back",
        spans=spans,
    )
    assert read("back on Sunday", context).values["return_date"] == "2026-11-29"
