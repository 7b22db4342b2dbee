"""Erasing at a traveller's wish: after a yes in the last message only, and from stores that can be erased from only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.tracker_store import DynamoTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.rights import NotReached
from skycap.serving.erasure import StoredConversations, agreed
from skycap.state.tracker_store import WindowTrackerStore

YES = SlotSet("confirm_erasure", {"in_booking": False, "answer": True})


def tracker(*events: Event, conversation: str = "ada") -> DialogueStateTracker:
    return DialogueStateTracker.from_events(conversation, list(events))


def test_a_yes_counts_in_the_turn_it_is_said_alone() -> None:
    done = [YES, SlotSet("confirm_erasure", None), ActionExecuted("action_listen")]
    assert agreed(tracker(UserUttered("yes"), *done))
    assert not agreed(tracker(UserUttered("yes"), *done, UserUttered("hello")))


@pytest.mark.parametrize("value", [None, {"in_booking": True}, {"in_booking": True, "answer": False}])
def test_a_question_or_a_no_erases_nothing(value: object) -> None:
    assert not agreed(tracker(UserUttered("no"), SlotSet("confirm_erasure", value)))


@pytest.fixture(params=["ours", "memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TrackerStore:
    if request.param == "ours":
        return WindowTrackerStore(Domain.empty())
    if request.param == "memory":
        return InMemoryTrackerStore(Domain.empty())
    return SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(tmp_path / "conversations.db"))


def test_one_conversation_goes_and_the_other_stays(store: TrackerStore) -> None:
    for name in ("ada", "bob"):
        asyncio.run(store.save(tracker(UserUttered("hello"), conversation=name)))
    assert StoredConversations(store).erase("ada") > 0
    assert StoredConversations(store).erase("ada") == 0
    assert asyncio.run(store.retrieve("ada")) is None
    assert asyncio.run(store.retrieve("bob")).events[0].text == "hello"


def test_a_store_that_cannot_be_erased_from_is_refused_before_anything_is_done() -> None:
    with pytest.raises(NotReached, match="DynamoTrackerStore"):
        StoredConversations(DynamoTrackerStore.__new__(DynamoTrackerStore))
