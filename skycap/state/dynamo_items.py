"""What DynamoDB holds of a conversation, ours to theirs and back. Items of one conversation are one partition:

| item_id             | holds                                                                                      |
| ------------------- | ------------------------------------------------------------------------------------------ |
| place               | last_turn, first_turn, on_snapshot, fence_number, said_at; last_turn 0: is being erased    |
| turn#N#events#P     | content: part P of turn N, compressed; its first part also said_at, message_id, part_count |
| turn#N#snapshot#P   | content: part P of the snapshot at the end of turn N; its first part also part_count       |
| msg#ID              | turn_number: which turn answered this message                                              |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from skycap.state.backend import Position, Standing, Turn
from skycap.state.packed import pack, unpack

Item = dict[str, Any]  # as DynamoDB writes it: {"said_at": {"N": "1.5"}, …}
PLACE = "place"
PART_BYTES = 350_000  # an item may have 400 KB


@dataclass(frozen=True)
class StoredTurn:
    """A turn as it was found; `events` is None when a part of it is missing."""

    number: int
    events: str | None
    snapshot: str | None
    at: float
    message_id: str | None


def key(conversation: str, item_id: str) -> Item:
    return {"conversation_id": {"S": conversation}, "item_id": {"S": item_id}}


def number_of(value: float) -> Item:
    return {"N": repr(value)}


def id_of(number: int) -> str:
    """What the ids of a turn's items begin with; they sort as the turns do."""
    return f"turn#{number:09}"


def place_item(conversation: str, position: Position, at: float) -> Item:
    numbers = {"last_turn": position.version, "first_turn": position.first, "fence_number": position.fence}
    fields = {name: number_of(value) for name, value in {**numbers, "said_at": at}.items()}
    kind = {"on_snapshot": {"BOOL": position.on_snapshot}, "item_kind": {"S": PLACE}}
    return {**key(conversation, PLACE), **fields, **kind}


def standing_of(place: Item) -> Standing:
    version, first, fence = (int(place[name]["N"]) for name in ("last_turn", "first_turn", "fence_number"))
    return Standing(Position(version, first, place["on_snapshot"]["BOOL"], fence), float(place["said_at"]["N"]))


def turn_items(conversation: str, number: int, turn: Turn) -> list[Item]:
    """The turn's events and its snapshot, if it has one."""
    said = {"said_at": number_of(turn.at)} | ({"message_id": {"S": turn.message_id}} if turn.message_id else {})
    return [
        *_parts(conversation, f"{id_of(number)}#events", turn.events, said),
        *_parts(conversation, f"{id_of(number)}#snapshot", turn.snapshot, {}),
    ]


def message_item(conversation: str, message_id: str, number: int) -> Item:
    return {**key(conversation, f"msg#{message_id}"), "turn_number": number_of(number)}


def turns_in(items: Iterable[Item]) -> Iterator[StoredTurn]:
    """The turns that these items, in their order, are."""
    for number, parts in groupby(items, lambda item: int(item["item_id"]["S"].split("#")[1])):
        kinds: dict[str, list[Item]] = {"events": [], "snapshot": []}
        for item in parts:
            kinds[item["item_id"]["S"].split("#")[2]].append(item)
        begin = next(iter(kinds["events"]), {})
        at, message_id = begin.get("said_at", {}).get("N", "0"), begin.get("message_id", {}).get("S")
        yield StoredTurn(number, _text(kinds["events"]), _text(kinds["snapshot"]), float(at), message_id)


def _parts(conversation: str, start: str, text: str | None, first: Item) -> Iterator[Item]:
    """The text in items that are small enough; the first has their count and these fields."""
    data = pack(text) if text is not None else b""
    begins = range(0, len(data), PART_BYTES)
    for part, begin in enumerate(begins):
        more = {} if part else {"part_count": number_of(len(begins)), **first}
        content = {"B": data[begin : begin + PART_BYTES]}
        yield {**key(conversation, f"{start}#{part:02}"), "content": content, **more}


def _text(parts: list[Item]) -> str | None:
    """What the parts hold together; None when one is missing."""
    if not parts or parts[0].get("part_count") != number_of(len(parts)):
        return None
    return unpack(b"".join(part["content"]["B"] for part in parts))
