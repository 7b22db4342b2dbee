"""The tracker that does not replay holds what Rasa's own holds, whatever happens in a conversation."""

from __future__ import annotations

import copy
from random import Random

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.engine.trackers import QuickTracker

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [greet, inform, stop]
entities: [city, {date: {roles: [departure, return]}}]
slots:
  known: {type: bool, influence_conversation: true, mappings: [{type: custom}]}
  kind: {type: categorical, values: [a, b], influence_conversation: true, mappings: [{type: custom}]}
  note: {type: text, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_search, utter_hello]
responses: {utter_hello: [{text: hello}]}
forms: {trip_form: {required_slots: [kind]}, other_form: {required_slots: [note]}}
""")
RULE_ONLY = {"rule_only_slots": ["known"], "rule_only_loops": ["other_form"]}
ACTIONS = ("action_listen", "action_search", "utter_hello", "trip_form", "other_form")


def some_event(random: Random) -> Event:
    city = {"entity": "city", "value": "Rome", "start": 0, "end": 4}
    day = {"entity": "date", "role": "departure", "value": "Monday"}
    return random.choice(
        [
            lambda: ActionExecuted(random.choice(ACTIONS), hide_rule_turn=random.random() < 0.4),
            lambda: ActionExecuted("action_listen"),
            lambda: UserUttered("Rome", {"name": random.choice(DOMAIN.intents)}, random.choice(([], [city, day]))),
            lambda: DefinePrevUserUtteredFeaturization(False),
            lambda: SlotSet("known", random.choice((True, False, None))),
            lambda: SlotSet("kind", random.choice(("a", "b", None))),
            lambda: SlotSet("note", "something"),
            lambda: ActiveLoop(random.choice(("trip_form", "trip_form", "other_form", None))),
            lambda: LoopInterrupted(random.random() < 0.5),
            lambda: ActionExecutionRejected("trip_form"),
            lambda: FollowupAction(random.choice(ACTIONS)),
            lambda: BotUttered("hello"),
            lambda: random.choice((ConversationPaused, ConversationResumed))(),
            lambda: random.choice((UserUtteranceReverted, ActionReverted, AllSlotsReset, SessionStarted, Restarted))(),
        ]
    )()


def held(tracker: DialogueStateTracker) -> dict:
    names = ("latest_action", "followup_action", "latest_message", "latest_bot_utterance", "active_loop", "_paused")
    return {name: getattr(tracker, name) for name in names} | {
        "slots": tracker.current_slot_values(),
        "events": list(tracker.events),
        "ids": (tracker.model_id, tracker.assistant_id),
    }


@pytest.mark.parametrize("seed", range(60))
def test_states_and_copies_are_those_of_rasas_tracker(seed):
    random = Random(seed)
    stock = DialogueStateTracker("somebody", DOMAIN.slots)
    quick = QuickTracker.of(DialogueStateTracker("somebody", DOMAIN.slots))
    stock.model_id = quick.model_id = "model"
    for _ in range(40):
        event = some_event(random)
        stock.update(copy.deepcopy(event), DOMAIN)
        quick.update(event, DOMAIN)
        if random.random() < 0.2:  # as a processor does before it runs the action
            stock.clear_followup_action()
            quick.clear_followup_action()
        if random.random() < 0.6:
            assert quick.past_states(DOMAIN) == stock.past_states(DOMAIN)
            options = {"ignore_rule_only_turns": True, "rule_only_data": RULE_ONLY}
            assert quick.past_states(DOMAIN, **options) == stock.past_states(DOMAIN, **options)
            assert held(quick.copy()) == held(stock.copy())
    assert held(quick) == held(stock)


def test_a_copy_is_apart_from_its_original():
    tracker = QuickTracker.of(DialogueStateTracker("somebody", DOMAIN.slots))
    tracker.update(ActiveLoop("trip_form"), DOMAIN)
    before = copy.deepcopy(held(tracker))
    twin = tracker.copy()
    for event in (SlotSet("kind", "a"), ActionExecutionRejected("trip_form"), BotUttered("hello")):
        twin.update(event, DOMAIN)
    assert held(tracker) == before
    assert isinstance(twin, QuickTracker)


def test_whoever_gets_the_states_may_change_them():
    tracker = QuickTracker.of(DialogueStateTracker("somebody", DOMAIN.slots))
    for event in (ActionExecuted("action_listen"), UserUttered("hello", {"name": "greet"}), SlotSet("kind", "a")):
        tracker.update(event, DOMAIN)
    first = tracker.past_states(DOMAIN)
    expected = copy.deepcopy(first)
    first[-1]["user"].pop("text")
    first[-1]["slots"].clear()
    assert tracker.past_states(DOMAIN) == expected
