"""When policies need not be asked, held against Rasa's own ensemble: what they would say changes nothing."""

from __future__ import annotations

import json
from random import Random
from types import SimpleNamespace

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, LoopInterrupted
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.engine.policies import is_certain, may_be_skipped, quick, turn_of

DOMAIN = Domain.from_yaml('{version: "3.1", intents: [greet], actions: [action_search, action_other]}')


def prediction(action: str, priority: int, confidence: float = 1.0, **options) -> PolicyPrediction:
    probabilities = [0.0] * DOMAIN.num_actions
    probabilities[DOMAIN.index_for_action(action)] = confidence
    return PolicyPrediction(probabilities, f"policy_{priority}", priority, **options)


def tracker(*events) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", [ActionExecuted("action_listen"), *events])


@pytest.mark.parametrize("no_user", [False, True])
@pytest.mark.parametrize("rejected", [None, "action_other", "action_search"])
@pytest.mark.parametrize("others", [0.2, 1.0])
def test_after_a_certain_prediction_the_others_change_nothing(no_user, rejected, others):
    conversation = tracker(*([ActionExecutionRejected(rejected)] if rejected else []))

    def combined(*more: PolicyPrediction) -> tuple:
        rule = prediction("action_search", 4, is_no_user_prediction=no_user, events=[LoopInterrupted(True)])
        chosen = DefaultPolicyPredictionEnsemble().combine_predictions([rule, *more], conversation, DOMAIN)
        return chosen.probabilities, chosen.policy_name, chosen.events

    asked = combined(prediction("action_other", 3, others), prediction("action_other", 1, others))
    rule = prediction("action_search", 4)
    if is_certain(rule, conversation, DOMAIN):
        assert combined() == asked
    assert is_certain(rule, conversation, DOMAIN) is (rejected != "action_search")


def test_the_unsure_are_not_certain():
    assert not is_certain(prediction("action_search", 4, 0.99), tracker(), DOMAIN)
    assert not is_certain(None, tracker(), DOMAIN)


def policy(kind: type, priority: int, **attributes) -> object:
    made = object.__new__(kind)
    made.__dict__.update({"priority": priority, "only_e2e": False, "fake_features": {}, **attributes})
    return made


def test_rules_readers_of_the_text_and_the_unknown_are_always_asked_and_first():
    unknown = SimpleNamespace(priority=2)
    end_to_end = policy(TEDPolicy, 1, fake_features={"text": []})
    rules, memory, ted = policy(RulePolicy, 4), policy(MemoizationPolicy, 3), policy(TEDPolicy, 1)
    in_order = [rules, unknown, end_to_end, memory, ted]
    assert [may_be_skipped(each) for each in in_order] == [False, False, False, True, True]
    assert sorted([ted, memory, end_to_end, unknown, rules], key=turn_of) == in_order


def some_state(random: Random, none: str) -> dict:
    """A state of a rule, or of a conversation; what may be missing is missing at times, or `none`."""
    state = {"prev_action": {"action_name": random.choice(("action_listen", "action_search"))}}
    if random.random() < 0.7:
        state["user"] = {"intent": random.choice(("greet", "stop", none))}
    if random.random() < 0.4:
        state["slots"] = {"known": random.choice(([1.0], [0.0], none))}
    if random.random() < 0.4:
        state["active_loop"] = {"name": random.choice(("trip_form", none))}
    if random.random() < 0.1:
        del state["prev_action"]
    return state


@pytest.mark.parametrize("seed", range(20))
def test_rules_found_by_place_are_those_that_rasa_finds(seed):
    random = Random(seed)
    rules = [[some_state(random, "should_not_be_set") for _ in range(random.randint(1, 3))] for _ in range(60)]
    lookup = {"rules": {json.dumps(rule): "action_search" for rule in rules}, "rules_for_loop_unhappy_path": {}}
    stock, ours = (policy(kind, 4, lookup=lookup) for kind in (RulePolicy, quick(RulePolicy)))
    found = 0
    for _ in range(60):
        states = [some_state(random, "stop") for _ in range(random.randint(1, 5))]
        keys = stock._get_possible_keys(lookup["rules"], states)
        assert ours._get_possible_keys(lookup["rules"], states) == keys
        found += len(keys)
    assert found > 20
