"""Policies asked only while the next action is undecided, and rules matched with less work.

Beside the graph. Rasa asks every policy for every prediction, then its ensemble takes the most confident, and of
equally confident ones the one of the highest priority. So when a policy is certain (1.0), those of a lower priority
cannot change anything: a rule or a running form decides without the neural network.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from functools import cached_property
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.engine.graph import GraphComponent
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

from skycap.engine.trackers import QuickTracker

logger = logging.getLogger(__name__)
_Place = tuple[str | None, str | None]


class _Rules:
    """Rules as states, latest first, found by the action and the intent that their latest state asks for."""

    def __init__(self, rules: dict[str, list[State]]) -> None:
        self.rules = rules
        self._by_place: dict[_Place, list[tuple[str, list[State]]]] = {}
        for key, rule in rules.items():
            action, intent = (None if each == SHOULD_NOT_BE_SET else each for each in _place_of(rule[0]))
            self._by_place.setdefault((action, intent), []).append((key, rule))

    def likely(self, state: State) -> Iterable[tuple[str, list[State]]]:
        """The rules of which this may be the latest state."""
        action, intent = _place_of(state)
        if not state.get(PREVIOUS_ACTION):  # a conversation begins: with what does not count
            return self.rules.items()
        places = {(asked, said) for asked in (action, None) for said in (intent, None)}
        return [each for place in places for each in self._by_place.get(place, ())]


def _place_of(state: State) -> _Place:
    """The action before a state and the intent in it."""
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)


class LooksBack:
    """Mixin before a RulePolicy: matches each rule with as many turns as it has, and no more."""

    def _prediction_states(self, tracker: DialogueStateTracker, *arguments: Any, **options: Any) -> list[State]:
        most = self._longest + 1  # what no rule matches cannot be taken for one either
        with tracker.looked_back(most) if isinstance(tracker, QuickTracker) else nullcontext():
            return super()._prediction_states(tracker, *arguments, **options)[-most:]

    def format_tracker_states(self, states: list[State]) -> Any:
        """The states for a debug line, which Rasa makes whether or not it is written."""
        return super().format_tracker_states(states) if logger.isEnabledFor(logging.DEBUG) else None

    @cached_property
    def _longest(self) -> int:
        return max((len(rule) for lookup in self._lookups.values() for rule in lookup.rules.values()), default=0)

    @cached_property
    def _lookups(self) -> dict[int, _Rules]:
        lookups = [self.lookup[name] for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        return {id(each): _Rules({key: self._rule_key_to_state(key)[::-1] for key in each}) for each in lookups}

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        latest_first = states[::-1]
        likely = self._lookups[id(lookup)].likely(latest_first[0])
        return {key for key, rule in likely if all(map(self._matches, rule, latest_first))}

    def _matches(self, rule: State, state: State) -> bool:
        """Whether one turn of a rule holds in the conversation, as `RulePolicy._is_rule_applicable` says."""
        starts, started = rule.get(PREVIOUS_ACTION), state.get(PREVIOUS_ACTION)
        if not starts or not started:
            return not starts and not started
        return self._does_rule_match_state(rule, state)


def quick(component: type[GraphComponent]) -> type[GraphComponent]:
    """The component with less work, where it matches rules; of the same name, which its predictions carry."""
    if not issubclass(component, RulePolicy):
        return component
    return type(component.__name__, (LooksBack, component), {"__module__": __name__})


def turn_of(policy: Policy) -> tuple[bool, int]:
    """Where a policy stands in the order of asking: first those that must be asked, then by priority."""
    return may_be_skipped(policy), -policy.priority


def may_be_skipped(policy: Policy) -> bool:
    """Whether its prediction is nothing but confidences of actions.

    Rules and policies unknown here may have events to add whoever wins, or overrule the certain: a rule by a form that
    runs, the others by the message's text, read end to end.
    """
    if isinstance(policy, TEDPolicy):
        return TEXT not in policy.fake_features and not policy.only_e2e
    return isinstance(policy, MemoizationPolicy) and not isinstance(policy, RulePolicy)


def is_certain(prediction: Any, tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Whether nobody of lower priority can overrule this; an action that was just rejected counts for nothing."""
    if not isinstance(prediction, PolicyPrediction) or prediction.max_confidence < 1.0:
        return False
    taken = (ActionExecuted, ActionExecutionRejected)
    last = next((event for event in reversed(tracker.events) if isinstance(event, taken)), None)
    if not isinstance(last, ActionExecutionRejected):
        return True
    return domain.index_for_action(last.action_name) != prediction.max_confidence_index
