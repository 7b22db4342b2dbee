"""Over long conversations, what policies and actions get from the window is what they would get from everything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ConversationPaused, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.state.backend import MemoryState, StaleWrite, UnreadableConversation
from skycap.state.encoding import decode, encode
from skycap.state.tracker_store import WindowTrackerStore
from skycap.state.window import snapshot

LOOKED_AT = 7  # past states; TED looks at 6


def state_of(tracker: DialogueStateTracker, domain: Domain) -> dict:
    """What a policy or an action may read, but for events."""
    references = [
        event.value
        for event in tracker.events
        if isinstance(event, SlotSet) and event.key == "booking_reference" and event.value
    ]
    return {
        "slots": tracker.current_slot_values(),
        "loop": (tracker.active_loop_name, tracker.is_active_loop_rejected, tracker.is_active_loop_interrupted),
        "latest_action": tracker.latest_action,
        "latest_message": tracker.latest_message.as_sub_state(),
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
        "states": tracker.past_states(domain)[-LOOKED_AT:],
        "states for TED": tracker.past_states(domain, ignore_rule_only_turns=True)[-LOOKED_AT:],
        "booked before": references,
    }


@pytest.mark.parametrize("seed", range(6))
async def test_predictions_see_the_same_over_100_turns(seed: int, domain: Domain, talk: Callable) -> None:
    store = WindowTrackerStore(domain, backend=MemoryState(), window_turns=5 + 3 * seed)
    whole, talker = DialogueStateTracker("somebody", domain.slots), talk(seed)
    for turn in range(100):
        tracker = await store.get_or_create_tracker("somebody", append_action_listen=False)
        if turn:
            assert state_of(tracker, domain) == state_of(whole, domain), turn
            assert state_of(tracker.copy(), domain) == state_of(tracker, domain)  # as actions are run on copies
        for event in talker.turn(whole):
            tracker.update(event)
        await store.save(tracker)
    messages = [event for event in tracker.events if isinstance(event, UserUttered)]
    assert len(messages) < 2 * (5 + 3 * seed) + 12
    everything = await store.retrieve_full_tracker("somebody")
    assert list(everything.events) == list(whole.events)


def test_a_snapshot_stays_small_in_a_form_that_never_ends(domain: Domain, talk: Callable) -> None:
    tracker, talker, sizes = DialogueStateTracker("somebody", domain.slots), talk(0), []
    talker._random.choices = lambda *_: ["inform"]  # it changes details for ever
    for turn in range(100):
        talker.turn(tracker)
        if turn % 10 == 9:
            sizes.append(len(encode(snapshot(tracker, domain.slots))))
    assert max(sizes[1:]) < 1.1 * min(sizes[1:])


async def test_a_pause_outlives_the_window(domain: Domain) -> None:
    store = WindowTrackerStore(domain, backend=MemoryState(), window_turns=4)
    tracker = await store.get_or_create_tracker("somebody")
    tracker.update(ConversationPaused())
    for number in range(30):
        tracker.update(UserUttered(f"hello {number}", {"name": "ask"}, message_id=str(number)))
        await store.save(tracker)
        tracker = await store.retrieve("somebody")
        assert tracker.is_paused()
    assert len(tracker.events) < 20


async def test_a_new_session_leaves_the_old_one_out(domain: Domain, talk: Callable) -> None:
    store, talker = WindowTrackerStore(domain, backend=MemoryState(), window_turns=4), talk(1)
    tracker = store.init_tracker("somebody")
    for _ in range(9):
        talker.turn(tracker)
        await store.save(tracker)
        tracker = await store.retrieve("somebody")
    carried = tracker.get_slot("passengers")
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(SessionStarted())
    tracker.update(SlotSet("passengers", carried))
    talker.turn(tracker)
    await store.save(tracker)
    tracker = await store.retrieve("somebody")
    assert sum(isinstance(event, SessionStarted) for event in tracker.events) == 1
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == 1
    assert sum(isinstance(event, UserUttered) for event in (await store.retrieve_full_tracker("somebody")).events) == 10


async def test_a_stored_message_gets_its_replies_again(domain: Domain, talk: Callable) -> None:
    store = WindowTrackerStore(domain, backend=MemoryState())
    tracker = store.init_tracker("somebody")
    new = talk(3).turn(tracker)
    await store.save(tracker)
    said = [event.message() for event in new if event.type_name == "bot"]
    again = await store.replies("somebody", "m1")
    assert said and [each["text"] for each in again] == [each["text"] for each in said]
    assert await store.replies("somebody", "m2") is None


async def test_a_tracker_that_was_overtaken_is_refused(domain: Domain, talk: Callable) -> None:
    store = WindowTrackerStore(domain, backend=MemoryState())
    first = store.init_tracker("somebody")
    talk(1).turn(first)
    await store.save(first)
    one, other = [await store.retrieve("somebody") for _ in range(2)]
    for tracker in (one, other):
        tracker.update(UserUttered("and", {"name": "ask"}, message_id=str(id(tracker))))
    await store.save(one)
    with pytest.raises(StaleWrite):
        await store.save(other)
    await store.save(one)  # nothing new: nothing written
    assert len(store.backend.history("somebody")) == 2


async def test_a_tracker_made_anew_replaces_the_window(domain: Domain, talk: Callable) -> None:
    store = WindowTrackerStore(domain, backend=MemoryState())
    tracker = store.init_tracker("somebody")
    talk(1).turn(tracker)
    await store.save(tracker)
    await store.save(DialogueStateTracker.from_events("somebody", [SlotSet("origin", "OSL")], domain.slots))
    tracker = await store.retrieve("somebody")
    assert len(tracker.events) == 1 and tracker.get_slot("origin") == "OSL"


async def test_a_damaged_turn_costs_one_conversation(domain: Domain, talk: Callable, caplog) -> None:
    store = WindowTrackerStore(domain, backend=MemoryState())
    for who in ("broken", "fine"):
        tracker = store.init_tracker(who)
        talk(1).turn(tracker)
        await store.save(tracker)
    turns = store.backend._turns["broken"]
    for damage in (
        turns[1].events[:40],
        '{"of": {}, "events": [{"event": "no such"}]}',
        "[]",
        '{"of": 1, "events": 2}',
    ):
        object.__setattr__(turns[1], "events", damage)
        with pytest.raises(UnreadableConversation):
            await store.retrieve("broken")
    assert "conversation broken cannot be read" in caplog.text
    assert (await store.retrieve("fine")).events


async def test_every_event_comes_back_as_it_was(domain: Domain, talk: Callable) -> None:
    tracker = DialogueStateTracker("somebody", domain.slots)
    tracker.model_id, tracker.assistant_id = "a model", "an assistant"
    for _ in range(60):
        talk(5).turn(tracker)
    tracker.update(SlotSet("offers", []))
    tracker.update(SlotSet("origin", None))
    again = decode(encode(tracker.events))
    assert again == list(tracker.events)
    assert [each.timestamp for each in again] == [each.timestamp for each in tracker.events]
    assert [each.metadata for each in again] == [each.metadata for each in tracker.events]
    assert again[-2].value == [] and again[-1].value is None
    said = next(each for each in again if isinstance(each, UserUttered))
    assert "response_selector" not in said.parse_data and len(said.parse_data["intent_ranking"]) == 3
    assert said.parse_data["text"] == said.text and said.parse_data["message_id"] == said.message_id


@pytest.mark.parametrize(
    ("value", "stored"),
    [("half \ud83d of it", "half ? of it"), (10**30, 1e30), (float("nan"), None), ({1: 2}, {"1": 2})],
)
def test_values_that_json_does_not_know_are_stored_as_near_as_can_be(value: object, stored: object) -> None:
    assert decode(encode([SlotSet("offers", value)]))[0].value == stored


async def test_events_are_published_after_they_are_stored(domain: Domain, talk: Callable) -> None:
    class Broker:
        published: list[dict] = []

        def publish(self, event: dict) -> None:
            assert store.backend.conversations() == {"somebody"}
            self.published.append(event)

    broker = Broker()
    store = WindowTrackerStore(domain, event_broker=broker, backend=MemoryState())
    tracker = store.init_tracker("somebody")
    new = talk(1).turn(tracker)
    await store.save(tracker)
    assert [each["event"] for each in broker.published] == [each.type_name for each in new]
    json.dumps(broker.published)
    await asyncio.sleep(0)
