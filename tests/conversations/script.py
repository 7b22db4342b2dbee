"""Conversations as written in YAML: their shape, and clear errors when it is broken.

First step of a conversation test: `test_*.yml` becomes `Conversation`s, which stage.py plays with the real assistant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

TODAY = date(2026, 11, 20)  # a Friday
KINDS = (
    "happy path", "correction", "cancellation", "digression", "disambiguation", "invalid input", "repeat", "abuse",
)  # fmt: skip
FILE_KEYS = {"kind", "conversations"}
CONVERSATION_KEYS = {"title", "turns", "today", "booked", "xfail"}
BOOKED_KEYS = {
    "reference",
    "origin",
    "destination",
    "departure_date",
    "return_date",
    "passengers",
    "refundable",
    "name",
}
# What a turn may expect, with the type of its value.
EXPECTATIONS: dict[str, tuple[type, ...]] = {
    "bot": (list,),
    "not": (list,),
    "buttons": (list,),
    "slots": (dict,),
    "asks": (str, type(None)),
    "custom": (str, type(None)),
    "bookings": (int,),
    "booking": (dict,),
    "silent": (bool,),
}
TURN_KEYS = {"user", "press", "times", "from", *EXPECTATIONS}


class BadScript(ValueError):
    """A YAML file that cannot be played; the message names file and conversation and says what to correct."""


@dataclass(frozen=True)
class Turn:
    """One message, typed (`user`) or sent by a button with the title `press`, and what must follow.

    `sender` names another conversation that the message comes from, None the one at hand.
    """

    user: str | None = None
    press: str | None = None
    expected: Mapping[str, Any] = field(default_factory=dict)
    sender: str | None = None


@dataclass(frozen=True)
class Conversation:
    """One conversation; `booked` is a booking made before it, `xfail` says why it is known to fail today."""

    title: str
    turns: tuple[Turn, ...]
    today: date = TODAY
    xfail: str | None = None
    booked: Mapping[str, Any] | None = None


def read_script(path: Path) -> list[Conversation]:
    """Read the conversations of one file. Raises BadScript."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadScript(f"{path.name} is not YAML: {error}. A text with ? , : or braces needs quotes.") from error
    if not isinstance(content, dict) or set(content) != FILE_KEYS:
        raise BadScript(f"{path.name}: expected the two keys `kind` and `conversations` at the top.")
    if content["kind"] not in KINDS:
        raise BadScript(f"{path.name}: kind {content['kind']!r} is unknown. Choose one of: {', '.join(KINDS)}.")
    if not isinstance(content["conversations"], list) or not content["conversations"]:
        raise BadScript(f"{path.name}: `conversations` must be a list with at least one conversation.")
    conversations = [_conversation(each, path.name) for each in content["conversations"]]
    titles = [each.title for each in conversations]
    if twice := sorted({title for title in titles if titles.count(title) > 1}):
        raise BadScript(f"{path.name}: the title {twice[0]!r} is used twice. Every conversation needs its own.")
    return conversations


def _conversation(content: Any, file: str) -> Conversation:
    title = content.get("title") if isinstance(content, dict) else None
    if not isinstance(title, str) or not title:
        raise BadScript(f"{file}: every conversation needs a `title`, a sentence about the user.")
    where = f"{file}, {title!r}"
    _refuse_unknown(content, CONVERSATION_KEYS, where)
    today = content.get("today", TODAY)
    if not isinstance(today, date):
        raise BadScript(f"{where}: `today` must be a date such as 2026-11-20.")
    xfail = content.get("xfail")
    if xfail is not None and not isinstance(xfail, str):
        raise BadScript(f"{where}: `xfail` must be the reason, in words.")
    booked = content.get("booked")
    if booked is not None:
        if not isinstance(booked, dict):
            raise BadScript(f"{where}: `booked` must describe a booking: {', '.join(sorted(BOOKED_KEYS))}.")
        _refuse_unknown(booked, BOOKED_KEYS, where)
    if not isinstance(content.get("turns"), list) or not content["turns"]:
        raise BadScript(f"{where}: `turns` must be a list with at least one turn.")
    turns = tuple(_turn(each, f"{where}, turn {number}") for number, each in enumerate(content["turns"], start=1))
    return Conversation(title, turns, today, xfail, booked)


def _turn(content: Any, where: str) -> Turn:
    if not isinstance(content, dict) or ("user" in content) == ("press" in content):
        raise BadScript(f"{where}: a turn needs either `user` (what is typed) or `press` (a button's title).")
    _refuse_unknown(content, TURN_KEYS, where)
    said = content.get("user", content.get("press"))
    if not isinstance(said, str):
        raise BadScript(f"{where}: {said!r} is not a text. Put it in quotes.")
    for key, types in EXPECTATIONS.items():
        if key in content and not isinstance(content[key], types):
            raise BadScript(f"{where}: `{key}` must be of type {' or '.join(each.__name__ for each in types)}.")
        if types == (list,) and not all(isinstance(each, str) for each in content.get(key, [])):
            raise BadScript(f"{where}: every item of `{key}` must be a text. Put numbers in quotes.")
    times = content.get("times", 1)
    if not isinstance(times, int) or times < 1:
        raise BadScript(f"{where}: `times` says how often the text is repeated within the message: a number from 1.")
    expected = {key: content[key] for key in EXPECTATIONS if key in content}
    if "press" in content:
        return Turn(press=said, expected=expected, sender=content.get("from"))
    return Turn(user=said * times, expected=expected, sender=content.get("from"))


def _refuse_unknown(content: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(str(key) for key in content if key not in known):
        raise BadScript(f"{where}: the key {unknown[0]!r} is unknown. Known are: {', '.join(sorted(known))}.")
