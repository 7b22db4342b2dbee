"""Cleaning of messages: what goes in, what comes out, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skycap.cleaning import MAX_CHARACTERS, STEPS, Cleaned, clean, leave_out, say_otherwise

CLEANED = [
    ("to Rome", "to Rome"),
    ("  two\r\n people\tplease ", "two people please"),
    ("Ｂｅｒｌｉｎ ２", "Berlin 2"),
    ("Mu\u0308nchen", "München"),
    ("Ber\u0000lin\u200b\u202e", "Berlin"),
    ("👍", "yes"),
    ("👍🏽👍🏿", "yes yes"),
    ("✔️", "yes"),
    ("🙏", "thank you"),
    ("2️⃣ please", "2 please"),
    ("to 🇩🇪", "to Germany"),
    ("👨‍👩‍👧", "man woman girl"),
    ("my_name@example.com 👍", "my_name@example.com yes"),
    ("/affirm", "affirm"),
    ('/inform{"city": "Rome"}', 'inform{"city": "Rome"}'),
    ("／restart", "restart"),
    ("// /stop", "stop"),
    ("either/or", "either/or"),
    ("EXTERNAL_booking", "booking"),
    ("/EXTERNAL_/EXTERNAL_x", "x"),
    ("/session_start", "session_start"),
    ("/affirm@1.0", "affirm@1.0"),
    ("x" * MAX_CHARACTERS, "x" * MAX_CHARACTERS),
]
REFUSED = [
    (None, "utter_empty_message"),
    ("", "utter_empty_message"),
    (" \n\t", "utter_empty_message"),
    ("\u200b\u0000", "utter_empty_message"),
    ("\ud83d", "utter_empty_message"),
    ("/", "utter_empty_message"),
    (5, "utter_not_text"),
    (["to Rome"], "utter_not_text"),
    ("x" * (MAX_CHARACTERS + 1), "utter_message_too_long"),
]
ANY_TEXT = st.text() | st.text(alphabet="ab/ _\t\u200d\ufe0f👍🏽❤✈🇩🇪１⃣㊗️👩💻🏴", max_size=12)


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == Cleaned(cleaned)


@pytest.mark.parametrize(("text", "reply"), REFUSED)
def test_what_cannot_be_read_is_refused_with_a_reply(text: object, reply: str) -> None:
    assert clean(text) == Cleaned("", reply)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert once.refusal or clean(once.text) == once


@given(ANY_TEXT)
def test_no_text_can_name_an_intent_or_hide_characters(text: str) -> None:
    cleaned = clean(text).text
    assert not cleaned.startswith("/")
    assert cleaned.isprintable()


def test_letters_that_unfold_into_many_stay_within_the_limit() -> None:
    assert len(clean("\ufdfa" * MAX_CHARACTERS).text) <= MAX_CHARACTERS


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@given(text=ANY_TEXT)
def test_every_step_alone_may_run_twice(step, text: str) -> None:
    once = step(text)
    assert step(once) == once


@pytest.mark.parametrize(
    ("text", "without", "in_german"),
    [
        ("👍", "", "ja"),
        ("👍🏽 danke 👍", "danke", "ja danke ja"),
        ("nach 🇩🇪", "nach", "nach Germany"),
        ("yes, ok", "yes, ok", "yes, ok"),
    ],
)
def test_emoji_are_of_no_language(text: str, without: str, in_german: str) -> None:
    cleaned = clean(text)
    assert leave_out(cleaned.text, cleaned.emoji) == without
    assert say_otherwise(cleaned.text, cleaned.emoji, {"👍": "ja"}) == in_german
