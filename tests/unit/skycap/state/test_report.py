"""Stored conversations on a terminal: listed, shown, exported, counted."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, ConversationPaused, Event, SlotSet, UserUttered

from skycap.cli import main
from skycap.settings import settings
from skycap.state.backend import MemoryState, StateBackend
from skycap.state.opening import open_state
from skycap.state.report import report
from skycap.state.tracker_store import WindowTrackerStore

MARCH_1, MARCH_2 = 1_803_895_200.0, 1_803_981_600.0


def said(text: str, at: float, intent: str = "inform", channel: str = "rest") -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": 0.9}, timestamp=at, input_channel=channel)


async def keep(backend: StateBackend, conversation: str, *turns: list[Event]) -> None:
    store = WindowTrackerStore(Domain.empty(), backend=backend)
    tracker = store.init_tracker(conversation)
    for turn in turns:
        for event in turn:
            tracker.update(event)
        await store.save(tracker)


async def three(backend: StateBackend) -> None:
    """Ann books with her second message, Ben is not understood and asks for a person, Cem is on the web in German."""
    booked = [
        said("yes", MARCH_1 + 9),
        ActionExecuted("action_book_flight", timestamp=MARCH_1 + 9.1),
        SlotSet("booking_reference", "K7QX2M", MARCH_1 + 9.2),
    ]
    ask = SlotSet("requested_slot", "origin", MARCH_1 + 0.1)
    await keep(backend, "ann", [said("a flight", MARCH_1), ask, BotUttered("From?", timestamp=MARCH_1 + 0.2)], booked)
    lost = [said("hrmpf", MARCH_2, "nlu_fallback"), BotUttered("What?", timestamp=MARCH_2 + 0.2)]
    await keep(backend, "ben", lost, [said("a person", MARCH_2 + 5), ConversationPaused(MARCH_2 + 5.2)])
    await keep(
        backend, "cem", [said("hallo", MARCH_2 + 1, channel="socketio"), SlotSet("language", "de", MARCH_2 + 1.2)]
    )


async def test_the_report_counts_by_day_channel_and_language() -> None:
    backend = MemoryState()
    assert report(backend) == "There are no conversations."
    await three(backend)
    text = report(backend)  # conversations, messages, bookings, contained, not understood, messages to booking, ms
    rows = {each.split()[0]: each.split()[1:] for each in text.splitlines() if each}
    assert rows["2027-03-01"] == ["1", "2", "1", "100.0%", "0.0%", "2", "200"]
    assert rows["2027-03-02"] == ["2", "3", "0", "50.0%", "33.3%", "-", "200"]
    assert rows["rest"][:3] == ["2", "4", "1"] and rows["socketio"][:3] == ["1", "1", "0"]
    assert rows["de"][0] == "1" and rows["none"][0] == "2"
    assert rows["origin"][0] == "1" and rows["(booked)"][0] == "1"
    assert "flight" not in text


def test_commands_read_what_the_server_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/conversations.db"
    asyncio.run(three(open_state(url)))
    endpoints = tmp_path / "endpoints.yml"
    kind = f"{WindowTrackerStore.__module__}.{WindowTrackerStore.__qualname__}"
    endpoints.write_text(json.dumps({"tracker_store": {"type": kind, "url": url}}))
    monkeypatch.setenv("SKYCAP_ENDPOINTS", str(endpoints))
    settings.cache_clear()

    def run(*words: str) -> tuple[int, str]:
        return main(words), "".join(capsys.readouterr())

    status, out = run("conversations", "list")
    assert status == 0 and [each.split()[0] for each in out.splitlines()] == ["ben", "cem", "ann"]
    status, out = run("conversations", "show", "ann")
    assert status == 0 and "traveller: a flight  [inform 0.90]" in out and "booking_reference = 'K7QX2M'" in out
    status, out = run("conversations", "export", "ann")
    assert [len(json.loads(each)) for each in out.splitlines()] == [3, 3]
    assert run("conversations", "show", "dora")[0] == 1
    status, out = run("report")
    assert status == 0 and "(booked)" in out
    endpoints.write_text("tracker_store: {type: SQL, dialect: sqlite, db: other.db}")
    status, out = run("report")
    assert status == 1 and "WindowTrackerStore" in out
    settings.cache_clear()
