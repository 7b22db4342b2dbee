"""What happened in stored conversations, in figures: by day, channel and language, with how far bookings came.

Reads every turn that is kept, archive included. Holds counts alone, nothing that was said.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from skycap.state.backend import StateBackend
from skycap.state.browsing import turns_of

FALLBACK, BOOKS = "nlu_fallback", "action_book_flight"
BAR = 40  # characters of the longest one


@dataclass
class Figures:
    """Counts of some conversations; `to_booking` is the number of messages before each booking."""

    conversations: int = 0
    messages: int = 0
    fallbacks: int = 0
    bookings: int = 0
    handed_over: int = 0
    to_booking: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def row(self) -> list[str]:
        """Columns of the table."""
        contained = 1 - self.handed_over / self.conversations
        fallbacks = self.fallbacks / self.messages if self.messages else 0.0
        to_booking = f"{statistics.median(self.to_booking):.0f}" if self.to_booking else "-"
        time = f"{statistics.median(self.seconds) * 1000:.0f}" if self.seconds else "-"
        counts = [str(each) for each in (self.conversations, self.messages, self.bookings)]
        return [*counts, f"{contained:.1%}", f"{fallbacks:.1%}", to_booking, time]


COLUMNS = ("conversations", "messages", "bookings", "contained", "not understood", "messages to booking", "turn ms")


def report(backend: StateBackend) -> str:
    """The tables, and how many conversations each question of a booking was put in."""
    groups: dict[tuple[str, str], Figures] = defaultdict(Figures)
    for conversation in backend.conversations():
        _count(turns_of(backend, conversation), groups)
    if not groups:
        return "There are no conversations."
    parts = []
    for kind in ("all", "day", "channel", "language"):
        rows = [[name, *figures.row()] for (group, name), figures in sorted(groups.items()) if group == kind]
        parts.append(_table([[kind, *COLUMNS], *rows]))
    return "\n\n".join([*parts, _funnel(groups["all", "all"])])


def _count(turns: Iterable[list[dict[str, Any]]], groups: dict[tuple[str, str], Figures]) -> None:
    """Add one conversation to the groups it belongs to: to that of its first day, its channel, its language."""
    one, day, channel, language = Figures(conversations=1), "", "", ""
    for turn in turns:
        said = [event for event in turn if event["event"] == "user"]
        one.messages += len(said)
        for event in said:
            one.fallbacks += ((event.get("parse_data") or {}).get("intent") or {}).get("name") == FALLBACK
            day = day or f"{datetime.fromtimestamp(event['timestamp'], timezone.utc):%Y-%m-%d}"
            channel = channel or event.get("input_channel") or ""
        if said:
            one.seconds.append(turn[-1]["timestamp"] - said[0]["timestamp"])
        slots = [(event["name"], event.get("value")) for event in turn if event["event"] == "slot"]
        for name, value in slots:
            if name == "requested_slot" and value:
                one.asked[value] = 1
            elif name == "language" and value:
                language = str(value)
        books = any(event.get("name") == BOOKS for event in turn)
        if books and any(name == "booking_reference" and value for name, value in slots):
            one.bookings += 1
            one.to_booking.append(one.messages)
        one.handed_over = max(one.handed_over, int(any(event["event"] == "pause" for event in turn)))
    for group, name in (("all", "all"), ("day", day), ("channel", channel), ("language", language)):
        _add(groups[group, name or "none"], one)


def _add(to: Figures, one: Figures) -> None:
    for name in ("conversations", "messages", "fallbacks", "bookings", "handed_over"):
        setattr(to, name, getattr(to, name) + getattr(one, name))
    to.to_booking += one.to_booking
    to.seconds += one.seconds
    to.asked.update(one.asked)


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *values in rows:
        cells = [value.rjust(width) for value, width in zip(values, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *cells]))
    return "\n".join(lines)


def _funnel(figures: Figures) -> str:
    lines = ["conversations in which it was asked for"]
    most = max(figures.asked.values(), default=1)
    booked = ("(booked)", figures.bookings)
    for name, count in [*figures.asked.most_common(), booked]:
        lines.append(f"{name:20} {count:6}  {'█' * round(BAR * min(count / most, 1.0))}")
    return "\n".join(lines)
