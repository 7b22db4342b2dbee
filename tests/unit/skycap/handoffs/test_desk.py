"""The desk as a person at a terminal uses it: `skycap handoffs …`."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from flights import database
from skycap.cli import main
from skycap.handoffs import HandoffQueue, Line
from skycap.settings import settings


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HandoffQueue:
    monkeypatch.setenv("SKYCAP_DATABASE_URL", f"sqlite:///{tmp_path}/flights.db")
    settings.cache_clear()
    yield HandoffQueue(database.engine(settings().flights_url))
    database.engine(settings().flights_url).dispose()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def number(queue: HandoffQueue) -> str:
    now = datetime.now(timezone.utc)
    said = [Line(now, "traveller", "a person, please")]
    handoff, _ = queue.ask(
        "ann's", channel="socketio", reason="failed", summary={"origin": "BER"}, transcript=said, now=now
    )
    return str(handoff.id)


def run(capsys, *arguments: str) -> tuple[int, str]:
    status = main(["handoffs", *arguments])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_nobody_waits(queue, capsys) -> None:
    assert run(capsys, "list") == (0, "Nobody is waiting.\n")


def test_a_person_answers_a_traveller_from_the_list_to_the_end(queue, number, capsys) -> None:
    assert run(capsys, "list") == (0, f"{number}  waiting, 0 min, on socketio: was not understood three times\n")
    status, shown = run(capsys, "take", number, "--as", "Pat")
    assert status == 0 and "taken by Pat" in shown and "Traveller: a person, please" in shown
    assert "origin: BER" in shown
    assert run(capsys, "say", number, "Hello, I am Pat.")[0] == 0
    assert "Pat: Hello, I am Pat.  (not delivered yet)" in run(capsys, "show", number)[1]
    queue.mark_sent(queue.unsent(int(number))[0], datetime.now(timezone.utc))
    assert "not delivered" not in run(capsys, "show", number)[1]
    assert run(capsys, "close", number)[1].startswith("Closed.")
    assert run(capsys, "close", number) == (0, "It was closed before.\n")
    assert "closed by the agent" in run(capsys, "show", number)[1]


def test_what_cannot_be_done_is_refused_in_a_sentence(queue, number, capsys) -> None:
    status, said = run(capsys, "say", number, "Hello")
    assert status == 1 and "Take it first" in said
    status, said = run(capsys, "show", "99")
    assert status == 1 and "no hand-over 99" in said
    run(capsys, "take", number, "--as", "Pat")
    status, said = run(capsys, "take", number, "--as", "Sam")
    assert status == 1 and "taken by Pat" in said


def test_a_database_that_is_no_database_is_said_to_be_so(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database " * 1000)
    monkeypatch.setenv("SKYCAP_DATABASE_URL", f"sqlite:///{tmp_path}/broken.db")
    settings.cache_clear()
    status, said = run(capsys, "list")
    monkeypatch.undo()
    settings.cache_clear()
    assert status == 1 and "SKYCAP_DATABASE_URL" in said and "Traceback" not in said
