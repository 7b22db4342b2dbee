"""Cleaning of messages: what goes in, what comes out, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skycap.ingest import MAX_CHARACTERS, STEPS, Cleaned, HalfCards, clean, ingest, shield, shield_data
from skycap.vault import Keys, MemoryVault

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


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(Keys("A" * 43 + "="), 3600)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@given(text=ANY_TEXT)
def test_every_step_alone_may_run_twice(step, text: str) -> None:
    once = step(text)
    assert step(once) == once


def test_personal_data_becomes_tokens_that_the_vault_knows(vault: MemoryVault) -> None:
    text = ingest("I'm at ａlice@example.com 👍 card 4111 1111 1111 1111", "one", vault).text
    assert text == "I'm at [EMAIL:1] yes card [CARD]"
    assert vault.get("one", "[EMAIL:1]") == "alice@example.com"
    assert ingest(text, "one", vault).text == text


def test_a_token_that_somebody_made_up_is_words(vault: MemoryVault) -> None:
    vault.put("one", "EMAIL", "a@b.co")
    assert shield("[EMAIL:1] [EMAIL:2] [CARD]", "one", vault) == "[EMAIL:1] EMAIL 2 [CARD]"
    assert shield("[EMAIL:1]", "two", vault) == "EMAIL 1"


def test_a_vault_that_fails_lets_nothing_pass() -> None:
    class Broken(MemoryVault):
        def _keep(self, *_: object) -> int:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        ingest("alice@example.com", "one", Broken(Keys("A" * 43 + "="), 3600))


def test_metadata_is_masked_in_keys_and_depths() -> None:
    data = {"a@b.co": ["+1 202 555 0143", {"n": 4111111111111111, "ok": True}], "message_id": "x1", "count": 12}
    assert shield_data(data) == {"[EMAIL]": ["[PHONE]", {"n": "[CARD]", "ok": True}], "message_id": "x1", "count": 12}
    nested: object = "a@b.co"
    for _ in range(50):
        nested = [nested]
    assert "a@b.co" not in str(shield_data(nested))


@pytest.mark.parametrize(
    ("first", "second", "masked"),
    [
        ("4111 1111", "1111 1111", "[CARD]"),
        ("my card is 4111 1111 11", "11 1111 12/27", "[CARD] 12/27"),
        ("37828224", "6310005 thanks", "[CARD] thanks"),
        ("4111 1111", "1111 1112", None),
        ("for 2 people", "1111 1111", None),
        ("4111 1111", "two people", None),
    ],
)
def test_a_card_in_two_messages_is_found(first: str, second: str, masked: str | None) -> None:
    halves = HalfCards()
    assert halves.join("one", first) == first
    assert halves.join("one", second) == (masked or second)


def test_halves_of_a_card_belong_to_one_conversation_and_to_some_minutes() -> None:
    now = [0.0]
    halves = HalfCards(lambda: now[0])
    halves.join("one", "4111 1111")
    assert halves.join("two", "1111 1111") == "1111 1111"
    now[0] = HalfCards.SECONDS + 1
    assert halves.join("one", "1111 1111") == "1111 1111"
