"""Stored conversations for a terminal: which there are, what was said, everything as JSON. What is masked stays so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from skycap.state.backend import StateBackend, UnreadableConversation
from skycap.state.encoding import rows_of


class UnknownConversation(LookupError):
    """There is no such conversation; the message says so."""


def list_all(backend: StateBackend) -> str:
    """One line for each conversation, the latest first: id, messages, first and last moment, channel."""
    found = []
    for conversation in backend.conversations():
        events = [event for turn in turns_of(backend, conversation) for event in turn]
        said = [event for event in events if event["event"] == "user"]
        if events:
            last, channel = events[-1]["timestamp"], said[-1].get("input_channel") if said else None
            line = f"{conversation}  {len(said)} messages, {_moment(events[0]['timestamp'])} to {_moment(last)}"
            found.append((last, f"{line}, on {channel or 'no channel'}"))
        else:
            found.append((0.0, f"{conversation}  nothing that can be read"))
    return "\n".join(line for _, line in sorted(found, reverse=True)) or "There are no conversations."


def show(backend: StateBackend, conversation: str) -> str:
    """What was said and done, a line each. Raises UnknownConversation."""
    lines = [line for turn in _known(backend, conversation) for event in turn if (line := _line(event))]
    return "\n".join(lines)


def export(backend: StateBackend, conversation: str) -> str:
    """All events, one line of JSON for each turn. Raises UnknownConversation."""
    return "\n".join(json.dumps(turn, ensure_ascii=False) for turn in _known(backend, conversation))


def turns_of(backend: StateBackend, conversation: str) -> Iterator[list[dict[str, Any]]]:
    """The events of each turn, oldest first; of a damaged one none."""
    for text in backend.history(conversation):
        try:
            yield rows_of(text)
        except UnreadableConversation:
            yield []


def _known(backend: StateBackend, conversation: str) -> list[list[dict[str, Any]]]:
    turns = list(turns_of(backend, conversation))
    if not turns:
        raise UnknownConversation(f"There is no conversation {conversation!r}. `skycap conversations list` names them.")
    return turns


def _line(event: dict[str, Any]) -> str | None:
    at, kind = _moment(event["timestamp"]), event["event"]
    if kind == "user":
        intent = (event.get("parse_data") or {}).get("intent") or {}
        return f"{at} traveller: {event.get('text')}  [{intent.get('name')} {intent.get('confidence') or 0:.2f}]"
    if kind == "bot":
        speaker = event["metadata"].get("spoken_by", "skycap")
        return f"{at} {speaker}: {event.get('text') or ', '.join(event.get('data') or {})}"
    if kind == "action" and event.get("name") != "action_listen":
        return f"{at}   {event.get('name')} ({event.get('policy') or 'no policy'})"
    if kind == "slot" and event.get("name") not in ("offers", "remarks"):
        return f"{at}   {event['name']} = {event.get('value')!r}"
    return f"{at}   {kind}" if kind in ("session_started", "pause", "resume", "restart") else None


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M:%S}"
