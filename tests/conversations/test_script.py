"""A broken conversation file is refused with a message that names the conversation; a wrong reply fails its test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conversations.script import BadScript, Conversation, Turn, read_script

GOOD = """
kind: correction
conversations:
  - title: user greets
    today: 2026-01-02
    xfail: not yet
    turns:
      - {user: "hi ", times: 3, asks: null, slots: {origin: null}}
      - {press: Find a flight, bot: [Where]}
"""


@pytest.fixture
def script(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "test_x.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_good_file_is_read(script) -> None:
    assert read_script(script(GOOD)) == [
        Conversation(
            title="user greets",
            turns=(
                Turn(user="hi hi hi ", expected={"slots": {"origin": None}, "asks": None}),
                Turn(press="Find a flight", expected={"bot": ["Where"]}),
            ),
            today=date(2026, 1, 2),
            xfail="not yet",
        )
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("kind: bad mood", "kind: correction", "test_x.yml: kind 'bad mood' is unknown"),
        ("kinds: x", "kind: correction", "`kind` and `conversations`"),
        ("  - title: ''", "  - title: user greets", "needs a `title`"),
        ("    todya: 2026-01-02", "    today: 2026-01-02", "'user greets': the key 'todya' is unknown"),
        ("    today: soon", "    today: 2026-01-02", "'user greets': `today` must be a date"),
        ("bots: [Where]", "bot: [Where]", "'user greets', turn 2: the key 'bots' is unknown"),
        ("bot: Where", "bot: [Where]", "turn 2: `bot` must be of type list"),
        ("bot: [1]", "bot: [Where]", "turn 2: every item of `bot` must be a text"),
        ("{bot: [Where]}", "{press: Find a flight, bot: [Where]}", "turn 2: a turn needs either `user`"),
        ("user: 5", 'user: "hi "', "turn 1: 5 is not a text"),
        ("times: 0", "times: 3", "turn 1: `times`"),
        ("{user: [}", '{user: "hi ", times: 3, asks: null, slots: {origin: null}}', "test_x.yml is not YAML"),
    ],
)
def test_a_broken_file_is_refused(script, wrong: str, right: str, message: str) -> None:
    assert right in GOOD
    with pytest.raises(BadScript) as refused:
        read_script(script(GOOD.replace(right, wrong)))
    assert message in str(refused.value)


def test_a_title_may_be_used_once(script) -> None:
    again = GOOD + GOOD[GOOD.index("  - title") :]
    with pytest.raises(BadScript, match="'user greets' is used twice"):
        read_script(script(again))


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ({"bot": ["Moscow"]}, "no reply says 'Moscow'"),
        ({"not": ["Skycap"]}, "a reply says 'Skycap'"),
        ({"buttons": ["Fly away"]}, "no button 'Fly away' was offered"),
        ({"slots": {"origin": "BER"}}, "slot origin is None instead of 'BER'"),
        ({"slots": {"orign": None}}, "there is no slot 'orign'"),
        ({"asks": "origin"}, "asks for None instead of 'origin'"),
        ({"custom": "offers"}, "the cards are [] instead of 'offers'"),
        ({"bookings": 1}, "0 bookings were made instead of 1"),
    ],
)
def test_an_unmet_expectation_fails_with_the_transcript(stage, expected, fault: str) -> None:
    with pytest.raises(AssertionError) as unmet:
        stage.play(Conversation("user greets", (Turn(user="hello", expected=expected),)))
    assert fault in str(unmet.value)
    assert "user: 'hello'" in str(unmet.value)


def test_only_buttons_that_were_offered_can_be_pressed(stage) -> None:
    with pytest.raises(AssertionError, match="no button 'Book' was offered"):
        stage.play(Conversation("user presses", (Turn(user="hello"), Turn(press="Book"))))
