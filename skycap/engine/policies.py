"""Policies asked only while the next action is undecided, and rules matched with less work.

Beside the graph. Rasa asks every policy for every prediction, then its ensemble takes the most confident, and of
equally confident ones the one of the highest priority. So when a policy is certain (1.0), those of a lower priority
cannot change anything: a rule or a running form decides without the neural network.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.engine.graph import GraphComponent
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT


class LooksBack:
    """Mixin before a RulePolicy: matches each rule with as many turns as it has, and no more."""

    def _prediction_states(self, *arguments: Any, **options: Any) -> list[State]:
        # One turn more than the longest rule: what no rule matches cannot be taken for one either.
        return super()._prediction_states(*arguments, **options)[-self._longest - 1 :]

    @cached_property
    def _longest(self) -> int:
        return max((len(states) for lookup in self._lookups.values() for states in lookup.values()), default=0)

    @cached_property
    def _lookups(self) -> dict[int, dict[str, list[State]]]:
        """The states of each rule, latest first, by the lookup that holds it."""
        lookups = [self.lookup[name] for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        return {id(lookup): {key: self._rule_key_to_state(key)[::-1] for key in lookup} for lookup in lookups}

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        latest_first = states[::-1]
        return {key for key, rule in self._lookups[id(lookup)].items() if all(map(self._matches, rule, latest_first))}

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
