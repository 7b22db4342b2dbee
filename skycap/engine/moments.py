"""What policies saw at every moment of a conversation: the states that they decide by.

Under the tracker (skycap/engine/trackers.py). Rasa rebuilds all states of a conversation for each policy of each
prediction; here a state is made when a policy looks so far back, and once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import is_
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

from skycap.kept import kind_is


@dataclass(frozen=True)
class Held:
    """What of a tracker states are made of, under a tracker's names; of slots those that have features."""

    latest_message: UserUttered
    slots: dict[str, Slot]
    latest_action: dict[str, str] | None
    active_loop: TrackerActiveLoop | None


@dataclass(frozen=True)
class Moment:
    """The conversation just before an action, or now: what `Domain.states_for_tracker_history` asks a tracker for."""

    domain: Domain
    held: Held
    keeps_turn: bool  # a followup action or a loop going on: the turn is hidden, or not, as the one before
    hidden: bool
    reading: tuple[bool | None, int]  # what later events may still change about the message

    @classmethod
    def of(cls, tracker: DialogueStateTracker, domain: Domain, hidden: bool = False) -> Moment:
        keeps_turn = bool(tracker.followup_action) or tracker.latest_action_name == tracker.active_loop_name
        message = tracker.latest_message
        held = Held(message, dict(tracker.slots), tracker.latest_action, tracker.active_loop)
        return cls(domain, held, keeps_turn, hidden, _reading(message))

    @property
    def action(self) -> dict[str, str] | None:
        return self.held.latest_action

    @cached_property
    def state(self) -> State:
        """What policies see, found when one of them looks so far back."""
        return self.domain.get_active_state(self.held)

    def holds(self) -> bool:
        """Whether the message is still read as it was then: by its intent or its text, with these entities."""
        return self.reading == _reading(self.held.latest_message)


def _reading(message: UserUttered) -> tuple[bool | None, int]:
    return message.use_text_for_featurization, len(message.entities)


class History:
    """The moments of a conversation, brought up to date by the events that are new."""

    def __init__(self, start: DialogueStateTracker, domain: Domain) -> None:
        self.domain = domain
        self.applied: list[Event] = []
        start.slots = {name: slot for name, slot in start.slots.items() if slot.has_features()}
        self._tracker = start
        self._past: list[Moment] = []

    def continues_in(self, applied: list[Event]) -> bool:
        """Whether these events are those seen so far and more; after a revert they are not."""
        same = len(applied) >= len(self.applied) and all(map(is_, self.applied, applied))
        return same and all(moment.holds() for moment in self._past)

    def moments(self, applied: list[Event]) -> list[Moment]:
        """Every moment before an action, and now."""
        for event in applied[len(self.applied) :]:
            kind = type(event)
            if kind is BotUttered or kind is SlotSet and event.key not in self._tracker.slots:
                continue  # no policy sees it
            if kind_is(kind, ActionExecuted):
                self._past.append(Moment.of(self._tracker, self.domain, event.hide_rule_turn))
            event.apply_to(self._tracker)
        self.applied = applied
        return [*self._past, Moment.of(self._tracker, self.domain)]


def states_of_rules(moments: Sequence[Moment]) -> list[State]:
    """What policies see that know of rules too; their own copies."""
    return [_copied(moment.state) for moment in moments]


def _copied(state: State) -> State:
    return {kind: dict(part) for kind, part in state.items()}


def states_of_stories(moments: Sequence[Moment], domain: Domain, rule_only_data: dict[str, Any] | None) -> list[State]:
    """What `Domain.states_for_tracker_history` does for policies that learnt from stories."""
    states: list[State] = []
    action, hidden = None, False
    for moment in moments:
        if not hidden:
            action = moment.action
        if not moment.keeps_turn:
            hidden = moment.hidden
        if hidden:
            continue
        state = _copied(moment.state)
        domain._remove_rule_only_features(state, rule_only_data)
        if states:
            domain._substitute_rule_only_user_input(state, states[-1])
        if action:
            state[PREVIOUS_ACTION] = dict(action)
        states.append(domain._clean_state(state))
    return states
