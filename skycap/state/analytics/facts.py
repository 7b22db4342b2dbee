"""A stored turn as rows: who spoke is a hash, what was said is left out, names are let through by their shape.

Reads the JSON that `encoding` made, turn after turn of one conversation, and keeps in `Course` what the next turn
builds on: the session, its counts, a hand-over that is still open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from skycap.state.backend import Turn, UnreadableConversation
from skycap.state.encoding import rows_of

Row = dict[str, Any]
FALLBACK, BOOKS = "nlu_fallback", "action_book_flight"
OTHER = "other"  # stands for what has not the shape of a name
# Names that programmers give. What travellers send past every door, as the name of a slot, has four digits or signs.
_NAME = re.compile(r"(?!.*\d{4})[A-Za-z_][\w./-]{0,99}", re.ASCII)
_MODEL = re.compile(r"[0-9a-f]{32}")  # Rasa's ids of models
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
_NAMELESS = ("user_featurization", "entities")  # events that say nothing here
_NAMED_BY: dict[str, Callable[[Row], Any]] = {
    "user": lambda event: _intent(event).get("name"),
    "bot": lambda event: (event.get("metadata") or {}).get("utter_action"),
}


@dataclass
class Rows:
    """Rows for the tables, to be added."""

    turns: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    bookings: list[Row] = field(default_factory=list)


@dataclass
class Course:
    """A conversation as far as it is taken in. `session` and `handoff` are rows, `ended` those that are finished."""

    conversation: str  # its hash
    turn: int = 0
    at: float = 0.0
    sessions: int = 0
    language: str | None = None
    since_booking: int = 0
    session: Row | None = None
    handoff: Row | None = None  # still open
    changed: list[Row] = field(default_factory=list)  # sessions before `session` that changed
    closed: list[Row] = field(default_factory=list)  # hand-overs before `handoff` that changed

    def take(self, number: int, turn: Turn, rows: Rows) -> None:
        """Add the rows of the conversation's next turn; one that is damaged is counted, and nothing else is known."""
        try:
            events = self._new(rows_of(turn.events))
            read = _Reading(self, number, events)
        except (UnreadableConversation, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
            self.go_on(turn.at, starts=False)
            read = None
        row = read.row() if read else dict.fromkeys(("seconds", "intent", "confidence", "channel", "model"))
        counts = {name: row.get(name, 0) for name in ("messages", "fallbacks", "bookings", "handoffs")}
        session = self.session
        assert session is not None
        for name, count in counts.items():
            session[name] += count
        session["turns"] += 1
        session["ended_at"] = max(session["ended_at"], moment(turn.at))
        session["language"] = self.language
        for name in ("channel", "model"):
            session[name] = row[name] if row[name] and (name == "model" or not session[name]) else session[name]
        mine = {"conversation": self.conversation, "session": session["number"]}
        rows.turns.append(
            {"actions": "", **row, **counts, **mine, "number": number, "at": moment(turn.at)}
            | {"language": self.language, "damaged": read is None}
        )
        if read:
            rows.events += [{**mine, "turn": number, **each} for each in read.events]
            rows.bookings += [{**mine, "turn": number, **each} for each in read.bookings]
        self.turn, self.at = number, turn.at

    def _new(self, events: list[Row]) -> list[Row]:
        """The events that happened in this turn: of a tracker that was made anew Rasa stores the old ones again."""
        if sum(event["event"] == "user" for event in events) < 2:
            return events
        return [event for event in events if event["timestamp"] > self.at]

    def go_on(self, at: float, *, starts: bool) -> None:
        """The session goes on, or a new one begins at this moment, seconds since 1970."""
        if self.session is not None and not starts:
            return
        if self.session is not None:
            self.changed.append(self.session)
        if self.handoff is not None:
            self.end_handoff(at)
        self.sessions, self.since_booking = self.sessions + 1, 0
        begun = moment(at)
        self.session = {"conversation": self.conversation, "number": self.sessions, "day": begun.date()}
        self.session |= {"started_at": begun, "ended_at": begun, "channel": None, "model": None}
        self.session |= dict.fromkeys(("turns", "messages", "fallbacks", "bookings", "handoffs"), 0)

    def end_handoff(self, at: float) -> None:
        """The assistant goes on."""
        if self.handoff is not None:
            self.closed.append({**self.handoff, "resumed_at": moment(at)})
            self.handoff = None


class _Reading:
    """What the events of one turn say; moves the course on. Raises what damaged events raise."""

    def __init__(self, course: Course, number: int, events: list[Row]) -> None:
        moments = [float(event["timestamp"]) for event in events]
        starts = [event["timestamp"] for event in events if event["event"] == "session_started"]
        course.go_on((starts or moments or [course.at])[0], starts=bool(starts))
        self._course, self._number = course, number
        models = [(event.get("metadata") or {}).get("model_id") for event in events]
        self._model = next((each for each in reversed(models) if each), None)
        self._last = max(moments, default=course.at)
        self._said = [event for event in events if event["event"] == "user"]
        self._actions: list[str] = []
        self._books = False
        self._asked: Row | None = None
        self._handoffs = 0
        self.events: list[Row] = []
        self.bookings: list[Row] = []
        for position, event in enumerate(events):
            self._read(position, event)
        self.events += [self._asked] if self._asked else []

    def _read(self, position: int, event: Row) -> None:
        course, kind, at = self._course, event["event"], event["timestamp"]
        of_kind = name_of(_NAMED_BY.get(kind, lambda each: each.get("name"))(event))
        if kind == "user":
            course.since_booking += 1
        elif kind == "action" and of_kind != "action_listen":
            self._actions.append(of_kind or OTHER)
            self._books = of_kind == BOOKS
        elif kind == "slot":
            self._read_slot(position, event)
        elif kind == "pause" and course.handoff is None:
            self._handoffs += 1
            place = {"conversation": course.conversation, "turn": self._number, "position": position}
            course.handoff = {**place, "session": course.sessions, "asked_at": moment(at)}
            course.handoff |= dict.fromkeys(("taken_at", "resumed_at", "waited_seconds"))
        elif kind == "resume":
            course.end_handoff(at)
        elif kind == "bot" and (event.get("metadata") or {}).get("with_person") and course.handoff is not None:
            self._take_over(course.handoff, at)
        silent = kind in _NAMELESS or of_kind == "action_listen" or (kind == "slot" and of_kind == "requested_slot")
        if not silent:
            self.events.append({"position": position, "type": name_of(kind[:32]), "name": of_kind})

    def _read_slot(self, position: int, event: Row) -> None:
        course, name, value = self._course, event.get("name"), event.get("value")
        if not value:
            return
        if name == "requested_slot":
            self._asked = {"position": position, "type": "asked", "name": name_of(value)}  # the last one counts
        elif name == "language" and _LANGUAGE.fullmatch(str(value)):
            course.language = str(value)
        elif name == "booking_reference" and self._books:
            took = {"messages": course.since_booking}
            self.bookings.append({"position": position, "at": moment(event["timestamp"]), **took})
            course.since_booking, self._books = 0, False

    @staticmethod
    def _take_over(handoff: Row, at: float) -> None:
        if handoff["taken_at"] is None:
            handoff["taken_at"] = moment(at)
            handoff["waited_seconds"] = (handoff["taken_at"] - handoff["asked_at"]).total_seconds()

    def row(self) -> Row:
        """What the turn's row tells."""
        intents = [_intent(event) for event in self._said]
        last = intents[-1] if intents else {}
        confidence = last.get("confidence")
        return {
            # While a person answers the assistant does nothing.
            "seconds": self._last - self._said[0]["timestamp"] if self._said and self._actions else None,
            "messages": len(self._said),
            "intent": name_of(last.get("name")),
            "confidence": float(confidence) if isinstance(confidence, (int, float)) else None,
            "fallbacks": sum(each.get("name") == FALLBACK for each in intents),
            "actions": " ".join(self._actions),
            "channel": name_of(self._said[-1].get("input_channel")) if self._said else None,
            "model": self._model if _MODEL.fullmatch(str(self._model)) else None,
            "bookings": len(self.bookings),
            "handoffs": self._handoffs,
        }


def _intent(event: Row) -> Row:
    return (event.get("parse_data") or {}).get("intent") or {}


def name_of(value: Any) -> str | None:
    """The name if it has the shape of one; "other" in its place, None for none."""
    if value is None:
        return None
    return value if isinstance(value, str) and _NAME.fullmatch(value) else OTHER


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as an aware moment."""
    return datetime.fromtimestamp(seconds, timezone.utc)
