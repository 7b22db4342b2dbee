"""A snapshot: the shortest list of Rasa's own events after which everything is as it was after all of them.

Because it is made of events, whatever Rasa replays (copies of the tracker, states for the policies, the call of an
action server) comes out the same. It has two parts: what is set at a point some actions back, and what happened since,
from where the policies look back. Of a form that ran for many turns Rasa shows policies its first run alone
(`applied_events`), so "some actions back" is counted in what policies see, not in turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.kept import kind_is

LOOK_BACK = 8  # actions that policies may see across a snapshot: TED looks at 6 (config.yml), no rule at more than 7
# Slots of which actions read all former values: a flight booked twice on purpose is booked twice (actions/booking.py).
REMEMBERED = ("booking_reference",)


def snapshot(conversation: DialogueStateTracker, slots: Iterable[Slot]) -> list[Event]:
    """Events that lead to the same state as its own, and to the same predictions after it; `slots` of the domain."""
    events, seen = list(conversation.events), conversation.applied_events()
    tracker = DialogueStateTracker("", slots)
    begin = _begin(seen)
    tail = list(_without_repetition(seen[begin:]))
    for event in seen[:begin]:
        event.apply_to(tracker)
    at = tail[0].timestamp if tail else events[-1].timestamp
    head: list[Event] = [SessionStarted(at), *_former_values(events, tail, at)]
    now = {event.key: event.value for event in head if kind_is(type(event), SlotSet)}
    unset = DialogueStateTracker("", slots)
    for name, slot in tracker.slots.items():
        if slot.value != now.get(name, unset.slots[name].value):
            head.append(SlotSet(name, slot.value, at))
    if tracker.active_loop_name:
        head.append(ActiveLoop(tracker.active_loop_name, at))
    if tracker.is_paused():
        head.append(ConversationPaused(at))
    return head + tail


def _begin(seen: Sequence[Event]) -> int:
    """Where to begin: so many actions before the last run of the active form; its next run may take back to there."""
    actions = [index for index, event in enumerate(seen) if kind_is(type(event), ActionExecuted)]
    loops = [event.name for event in seen if kind_is(type(event), ActiveLoop)]
    last = len(actions)
    if loops and loops[-1]:
        runs = [place for place, index in enumerate(actions) if seen[index].action_name == loops[-1]]
        last = runs[-1] if runs else last
    return actions[last - LOOK_BACK] if last > LOOK_BACK else 0


def _former_values(events: Sequence[Event], tail: Sequence[Event], at: float) -> list[Event]:
    """What slots with a memory held before the tail, in order."""
    former: list[Event] = []
    for slot in REMEMBERED:
        values = [
            event.value for event in events if kind_is(type(event), SlotSet) and event.key == slot and event.value
        ]
        later = sum(kind_is(type(event), SlotSet) and event.key == slot and bool(event.value) for event in tail)
        former += [SlotSet(slot, value, at) for value in values[: len(values) - later]]
    return former


def _without_repetition(events: Iterable[Event]) -> Iterable[Event]:
    """What policies see of these events: between two actions the last value of a slot, the last message, no replies."""
    between: dict[object, Event] = {}
    for event in events:
        if kind_is(type(event), ActionExecuted):
            yield from between.values()
            yield event
            between = {}
        elif kind_is(type(event), (SlotSet, UserUttered, DefinePrevUserUtteredFeaturization)):
            slot = getattr(event, "key", None)
            key = id(event) if slot in REMEMBERED else (type(event), slot)
            between.pop(key, None)
            between[key] = _short(event) if kind_is(type(event), UserUttered) else event
        elif not kind_is(type(event), BotUttered):
            between[id(event)] = event
    yield from between.values()


def _short(message: UserUttered) -> UserUttered:
    """A message without its rivals and metadata; it is kept whole in its turn."""
    return UserUttered(
        message.text,
        message.intent,
        message.entities,
        timestamp=message.timestamp,
        input_channel=message.input_channel,
        use_text_for_featurization=message.use_text_for_featurization,
    )
