"""A payload counts in its own conversation, unchanged, until it expires; everything else is typed words or refused."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import example, given
from hypothesis import strategies as st

from skycap.buttons import MOST_BYTES, Buttons, OldButton, turn_of
from skycap.vault import Keys

KEY, OTHER_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TURN = turn_of("m1")
buttons = Buttons(Keys(KEY), 60)


@given(words=st.text(max_size=80), conversation=st.text())
@example(words="yes", conversation="a")
@example(words="", conversation="a")
@example(words="~~", conversation="\ud800")
def test_what_is_signed_is_read(words: str, conversation: str) -> None:
    payload = buttons.sign(conversation, words, TURN)
    assert len(payload.encode("utf-8", "replace")) <= MOST_BYTES or payload == words
    if payload != words:
        press = buttons.read(conversation, payload)
        assert press and (press.words, press.turn) == (words, TURN)


def test_words_that_leave_no_room_stay_plain() -> None:
    assert len(buttons.sign("a", "x" * 38, TURN)) == MOST_BYTES
    assert buttons.sign("a", "x" * 39, TURN) == "x" * 39
    assert buttons.sign("a", "ü" * 20, TURN) == "ü" * 20


@given(st.text())
@example("yes~~AAAAAAAAAAAAAAAAAAAAAAA")
@example("~~" * 5000)
@example("yes~~" + "é" * 24)
def test_typed_words_are_no_press(text: str) -> None:
    assert buttons.read("a", text) is None


@given(words=st.text(), token=st.from_regex(r"[A-Za-z0-9_-]{24}", fullmatch=True))
def test_a_made_up_token_does_not_count(words: str, token: str) -> None:
    with pytest.raises(OldButton):
        buttons.read("a", f"{words}~~{token}")


def test_not_of_another_conversation_nor_for_other_words() -> None:
    payload = buttons.sign("a", "no", TURN)
    for conversation, text in (("b", payload), ("a", f"yes{payload[2:]}"), ("a", payload[2:]), ("", f"a{payload}")):
        with pytest.raises(OldButton):
            buttons.read(conversation, text)


@pytest.mark.parametrize("place", range(24))
def test_no_character_of_the_token_may_change(place: int) -> None:
    payload = buttons.sign("a", "yes", TURN)
    at = len("yes~~") + place
    changed = f"{payload[:at]}{'B' if payload[at] == 'A' else 'A'}{payload[at + 1 :]}"
    with pytest.raises(OldButton):
        buttons.read("a", changed)


def test_until_it_expires() -> None:
    now = 1_000_000.0
    aging = Buttons(Keys(KEY), 60, lambda: now)
    payload = aging.sign("a", "yes", TURN)
    now += 60
    assert aging.read("a", payload)
    now += 1
    with pytest.raises(OldButton):
        aging.read("a", payload)


def test_keys_rotate() -> None:
    payload = buttons.sign("a", "yes", TURN)
    assert Buttons(Keys(f"{OTHER_KEY},{KEY}"), 60).read("a", payload)
    with pytest.raises(OldButton):
        Buttons(Keys(OTHER_KEY), 60).read("a", payload)


def test_two_turns_sign_differently() -> None:
    assert buttons.sign("a", "yes", TURN) != buttons.sign("a", "yes", turn_of("m2"))
