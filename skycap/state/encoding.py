"""Rasa's events as JSON text and back, without what nobody reads again.

Left out: fields that are empty, what the trained answer selector thought of every answer (more than half of a message),
all but three rivals of an intent; names of model and assistant stand once for each turn instead of in each event. JSON
because an operator and a SQL view can read it, and because masking is proven by searching the files (ADR 0012).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from skycap.state.backend import UnreadableConversation

RIVALS = 3
_EVERYWHERE = ("model_id", "assistant_id")
_READ_ONCE = ("response_selector", "text_tokens")


def encode(events: Iterable[Event], *, names: bool = True) -> str:
    """The events as JSON: `{"of": what all metadata holds, "events": […]}`; without `names` of model and assistant."""
    rows = [_slim(event.as_dict()) for event in events]
    everybody = [{key: row.get("metadata", {}).get(key) for key in _EVERYWHERE} for row in rows]
    of = everybody[0] if names and all(everybody[0].values()) and everybody.count(everybody[0]) == len(rows) else {}
    for row in rows:
        drop = of if names else _EVERYWHERE
        metadata = {key: value for key, value in row.pop("metadata", {}).items() if key not in drop}
        if metadata:
            row["metadata"] = metadata
    turn = {"of": of, "events": rows}
    try:
        return orjson.dumps(turn).decode()
    except TypeError:  # half a surrogate pair, a number of 20 digits: json can
        text = json.dumps(turn, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace").decode()


def decode(text: str) -> list[Event]:
    """The events of one turn. Raises UnreadableConversation."""
    classes = _classes()
    try:
        return [classes[row["event"]]._from_parameters(row) for row in rows_of(text)]
    except UnreadableConversation:
        raise
    except Exception as error:  # whatever a class of Rasa's says to a damaged event
        raise UnreadableConversation(f"an event is damaged ({type(error).__name__})") from error


def rows_of(text: str) -> list[dict[str, Any]]:
    """The events of one turn as Rasa writes them (`Event.as_dict`). Raises UnreadableConversation."""
    try:
        turn = orjson.loads(text)
        of, rows = turn["of"], turn["events"]
        for row in rows:
            row["metadata"] = {**of, **row["metadata"]} if "metadata" in row else of.copy()
        return rows
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableConversation(f"a turn is damaged ({type(error).__name__})") from error


@lru_cache(maxsize=1)
def _classes() -> dict[str, type[Event]]:
    """Rasa's events by name; Rasa itself walks all subclasses for every event it reads."""
    found: dict[str, type[Event]] = {}
    for each in all_subclasses(Event):
        found.setdefault(each.type_name, each)
    return found


def _slim(row: dict[str, Any]) -> dict[str, Any]:
    row = {key: value for key, value in row.items() if value is not None and (value or key != "metadata")}
    if row["event"] == "bot" and "data" in row:
        row["data"] = {key: value for key, value in row["data"].items() if value is not None}
    elif row["event"] == "user":
        said = {key: value for key, value in (row.get("parse_data") or {}).items() if key not in _READ_ONCE}
        for key in ("text", "message_id", "metadata"):  # the event has them itself
            if said.get(key) in (row.get(key), {}):
                said.pop(key, None)
        if said.get("language") == row.get("metadata", {}).get("language"):  # the next turn looks there
            said.pop("language", None)
        if "intent_ranking" in said:
            said["intent_ranking"] = said["intent_ranking"][:RIVALS]
        row["parse_data"] = said
    return row
