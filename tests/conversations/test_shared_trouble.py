"""Conversations while something on our side is broken: every message is answered, and nothing is half booked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from flights import database
from skycap.settings import Settings, settings
from skycap.vault import vault

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")

SEARCH = "one way from Berlin to Rome on November 27, one person"
PERSON = ("the first one", "Anna Schmidt", "anna@example.com", "+49 30 1234567")
UNAVAILABLE = "can't reach our flight data"
TROUBLE = "isn't working"


@contextmanager
def broken_database() -> Iterator[None]:
    """The file of the business database holds something else for a while."""
    engine = database.engine(settings().flights_url)

    def hang_up() -> None:  # else it is read by who has it open
        engine.dispose()
        vault().close()

    hang_up()
    file = Path(engine.url.database)
    content = file.read_bytes()
    file.write_bytes(b"no database " * 1000)
    try:
        yield
    finally:
        hang_up()
        file.write_bytes(content)


@pytest.mark.parametrize("said_before", [(), (SEARCH,), (SEARCH, *PERSON[:3]), (SEARCH, *PERSON)], ids=len)
def test_user_is_told_when_the_database_is_away_and_books_afterwards(stage, said_before) -> None:
    everything = [SEARCH, *PERSON, "yes"]
    with stage.dialogue() as dialogue:
        for text in said_before:
            dialogue.say(text)
        with broken_database():
            for text in ("more options", everything[len(said_before)]):
                dialogue.say(text)
                assert dialogue.text().strip(), dialogue.report([f"silence after {text!r}"])
                assert "Booked" not in dialogue.text()
        assert dialogue.bookings() == 0, dialogue.report(["booked without a database"])
        dialogue.say("start over")
        for text in everything:
            dialogue.say(text)
        assert dialogue.bookings() == 1, dialogue.report(["could not book afterwards"])


def test_user_hears_that_flights_cannot_be_reached(stage) -> None:
    with stage.dialogue() as dialogue:
        with broken_database():
            dialogue.say(SEARCH)
            assert UNAVAILABLE in dialogue.text(), dialogue.report(["no designed reply"])
        dialogue.say("one way from Berlin to Rome on November 27, one person")
        assert dialogue.cards() == ["offers"], dialogue.report(["did not recover"])


def test_user_who_says_yes_again_after_the_database_came_back_books_once(stage) -> None:
    with stage.dialogue() as dialogue:
        for text in (SEARCH, *PERSON):
            dialogue.say(text)
        with broken_database():
            dialogue.say("yes")
            assert UNAVAILABLE in dialogue.text(), dialogue.report(["no designed reply"])
        dialogue.say("yes")
        dialogue.say("yes")
        assert dialogue.bookings() == 1, dialogue.report([f"{dialogue.bookings()} bookings"])


def test_user_who_hesitates_for_25_minutes_hears_that_the_seats_are_gone(stage, monkeypatch) -> None:
    with stage.dialogue() as dialogue:
        for text in (SEARCH, *PERSON):
            dialogue.say(text)
        now = Settings.now
        monkeypatch.setattr(Settings, "now", lambda self: now(self) + timedelta(minutes=25))
        dialogue.say("yes")
        assert "20 minutes" in dialogue.text(), dialogue.report(["not told"])
        assert dialogue.cards() == ["offers"], dialogue.report(["no flights to choose from"])
        assert dialogue.bookings() == 0
        dialogue.say("the first one")
        dialogue.say("yes")
        assert dialogue.bookings() == 1, dialogue.report(["could not book afterwards"])


def test_user_gets_an_answer_when_an_action_fails(stage, monkeypatch) -> None:
    def fail(*arguments, **options):
        raise RuntimeError("broken for this test")

    with stage.dialogue() as dialogue:
        with monkeypatch.context() as patch:
            patch.setattr("flights.offers.search", fail)
            dialogue.say(SEARCH)
            assert TROUBLE in dialogue.text(), dialogue.report(["no designed reply"])
        dialogue.say("one person")
        assert dialogue.cards() == ["offers"], dialogue.report(["did not recover"])
