"""Policies asked only while the next action is undecided.

Beside the graph. Rasa asks every policy for every prediction, then its ensemble takes the most confident, and of
equally confident ones the one of the highest priority. So when a policy is certain (1.0), those of a lower priority
cannot change anything: a rule or a running form decides without the neural network.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT


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
