"""Rasa's tracker without the replaying.

Under the processor (skycap/engine/processor.py), which puts it in the place of the tracker that the store returns.
Rasa's own goes through the whole conversation again for each copy, and for each policy of each prediction to rebuild
the states that policies decide by. This one copies what it holds, and remembers the states of the past.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from operator import is_
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, ACTIVE_LOOP, PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity


@dataclass(frozen=True)
class _Moment:
    """The conversation just before an action, or now: what `Domain.states_for_tracker_history` asks a tracker for."""

    state: State
    action: dict[str, str] | None
    keeps_turn: bool  # a followup action or a loop going on: the turn is hidden, or not, as the one before
    hidden: bool
    message: UserUttered
    reading: tuple[bool | None, int]  # what later events may still change about the message

    @classmethod
    def of(cls, tracker: DialogueStateTracker, domain: Domain, hidden: bool = False) -> _Moment:
        keeps_turn = bool(tracker.followup_action) or tracker.latest_action_name == tracker.active_loop_name
        message = tracker.latest_message
        state = domain.get_active_state(tracker)
        return cls(state, tracker.latest_action, keeps_turn, hidden, message, _reading(message))

    def holds(self) -> bool:
        """Whether the message is still read as it was then: by its intent or its text, with these entities."""
        return self.reading == _reading(self.message)


def _reading(message: UserUttered) -> tuple[bool | None, int]:
    return message.use_text_for_featurization, len(message.entities)


class _History:
    """The moments of a conversation, brought up to date by the events that are new."""

    def __init__(self, start: DialogueStateTracker, domain: Domain) -> None:
        self.domain = domain
        self.applied: list[Event] = []
        self._tracker = start
        self._past: list[_Moment] = []

    def continues_in(self, applied: list[Event]) -> bool:
        """Whether these events are those seen so far and more; after a revert they are not."""
        same = len(applied) >= len(self.applied) and all(map(is_, self.applied, applied))
        return same and all(moment.holds() for moment in self._past)

    def moments(self, applied: list[Event]) -> list[_Moment]:
        """Every moment before an action, and now."""
        for event in applied[len(self.applied) :]:
            if isinstance(event, ActionExecuted):
                self._past.append(_Moment.of(self._tracker, self.domain, event.hide_rule_turn))
            self._tracker.update(event)
        self.applied = applied
        return [*self._past, _Moment.of(self._tracker, self.domain)]


class QuickTracker(DialogueStateTracker):
    """A tracker that answers as Rasa's, with less work."""

    _history: _History | None = None
    _applied: tuple[int, Event | None, list[Event]] | None = None

    @classmethod
    def of(cls, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """The same conversation, everything it holds shared; a store's own kind of tracker is left as it is."""
        if type(tracker) is not DialogueStateTracker:
            return tracker
        quick = cls.__new__(cls)
        quick.__dict__ = tracker.__dict__
        return quick

    def copy(self) -> QuickTracker:
        twin = type(self).__new__(type(self))
        twin.__dict__ = dict(self.__dict__)
        twin._history = None
        twin.events = copy.copy(self.events)
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy.copy(self.active_loop)
        # As in a replay: no ids to put on events, and a followup action that was taken up but not yet run is back.
        twin.model_id = twin.assistant_id = None
        twin.followup_action = _followup_of(self)
        return twin

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:
        loop, self.active_loop = (
            self.active_loop,
            None,
        )  # Rasa copies it, with the message that started it, value by value
        try:
            state = super().current_state(event_verbosity)
        finally:
            self.active_loop = loop
        return {**state, ACTIVE_LOOP: dict(vars(loop)) if loop else {}}

    def applied_events(self) -> list[Event]:
        latest = (len(self.events), self.events[-1] if self.events else None)
        if self._applied is None or self._applied[0] != latest[0] or self._applied[1] is not latest[1]:
            self._applied = (*latest, super().applied_events())
        return list(self._applied[2])

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if omit_unset_slots:  # only in training
            return super().past_states(domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        applied = self.applied_events()
        if self._history is None or self._history.domain is not domain or not self._history.continues_in(applied):
            self._history = _History(self.init_copy(), domain)
        moments = self._history.moments(applied)
        if not ignore_rule_only_turns:
            return [_copied(moment.state) for moment in moments]
        return _without_rule_only_turns(moments, domain, rule_only_data)


def _followup_of(tracker: DialogueStateTracker) -> str | None:
    """The action that the events call for next."""
    for event in reversed(tracker.events):
        if isinstance(event, FollowupAction):
            return event.action_name
        if isinstance(event, (ActionExecuted, UserUttered)):
            return None
        if isinstance(event, Restarted):
            return ACTION_SESSION_START_NAME
        if isinstance(event, SessionStarted):
            break
        if isinstance(event, (ActionReverted, UserUtteranceReverted)):
            return DialogueStateTracker.copy(tracker).followup_action
    return ACTION_LISTEN_NAME


def _copied(state: State) -> State:
    return {kind: dict(part) for kind, part in state.items()}


def _without_rule_only_turns(
    moments: list[_Moment], domain: Domain, rule_only_data: dict[str, Any] | None
) -> list[State]:
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
