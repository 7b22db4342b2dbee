"""Compares what is stored of conversations with what is in analytics, turn by turn, and counts both.

Reads every stored turn again and makes its rows anew. Turns that the store keeps no longer are left out on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import select

from flights import database
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.facts import Course, Row, Rows
from skycap.state.analytics.tables import bookings, turns
from skycap.state.backend import StateBackend
from skycap.vault import hashed

_AT_ONCE = 500  # turns read in one go
MOST_NAMED = 20
# What a turn's row says that no turn before has a part in.
_OF_A_TURN = ("messages", "fallbacks", "intent", "actions", "channel", "model", "bookings", "handoffs", "damaged")


@dataclass
class Counts:
    """How much there is."""

    conversations: int = 0
    turns: int = 0
    messages: int = 0
    bookings: int = 0
    handoffs: int = 0


@dataclass(frozen=True)
class Reconciliation:
    """Both counts, and the turns that differ: `missing` are stored and not in analytics, `other` are told otherwise.

    `damaged` are stored and cannot be read; analytics may know more of them, which is no difference.
    """

    stored: Counts
    archived: Counts
    missing: tuple[tuple[str, int], ...]
    other: tuple[tuple[str, int], ...]
    damaged: tuple[tuple[str, int], ...]

    @property
    def agrees(self) -> bool:
        """Whether all that is stored is in analytics, as it was."""
        return self.stored == self.archived and not self.missing and not self.other

    def __str__(self) -> str:
        lines = [f"{'':14}{'stored':>10}{'archived':>10}"]
        for each in fields(Counts):
            lines.append(f"{each.name:14}{getattr(self.stored, each.name):10}{getattr(self.archived, each.name):10}")
        told = (("not in analytics", self.missing), ("told otherwise in analytics", self.other))
        for what, differ in (*told, ("damaged", self.damaged)):
            lines += [f"{what}: turn {number} of {conversation}" for conversation, number in differ[:MOST_NAMED]]
            if len(differ) > MOST_NAMED:
                lines.append(f"{what}: {len(differ) - MOST_NAMED} more")
        return "\n".join(
            [*lines, "They agree." if self.agrees else "They differ: `skycap report --refresh` takes in more."]
        )


def reconcile(backend: StateBackend, archive: Archive) -> Reconciliation:
    """Compare all that is stored with analytics; what is not taken in yet, or said meanwhile, is missing."""
    stored, archived = Counts(), Counts()
    missing: list[tuple[str, int]] = []
    other: list[tuple[str, int]] = []
    damaged: list[tuple[str, int]] = []
    for conversation in sorted(backend.conversations()):
        there = _stored(backend, conversation)
        here = _archived(archive, hashed(conversation))
        here = {number: row for number, row in here.items() if number in there or number > max(there, default=0)}
        unreadable = {number: row for number, row in there.items() if row["damaged"]}
        here |= {number: row for number, row in unreadable.items() if number in here}
        damaged += [(conversation, number) for number in unreadable]
        _count(stored, there)
        _count(archived, here)
        missing += [(conversation, number) for number in there if number not in here]
        other += [(conversation, number) for number in here if number not in there]
        other += [
            (conversation, number)
            for number, row in there.items()
            if number in here and any(row[name] != here[number][name] for name in _OF_A_TURN)
        ]
    return Reconciliation(stored, archived, tuple(missing), tuple(other), tuple(damaged))


def _stored(backend: StateBackend, conversation: str) -> dict[int, Row]:
    course, rows = Course(hashed(conversation)), Rows()
    while found := backend.turns_after(conversation, course.turn, _AT_ONCE):
        for number, turn in found.items():
            course.take(number, turn, rows)
    return {row["number"]: row for row in rows.turns}


def _archived(archive: Archive, name: str) -> dict[int, Row]:
    """The rows of a conversation's turns; their bookings counted in the table of bookings."""
    made = select(bookings.c.turn).where(bookings.c.conversation == name)
    with database.read(archive.engine) as connection:
        booked = list(connection.execute(made).scalars())
        rows = [dict(row._mapping) for row in connection.execute(select(turns).where(turns.c.conversation == name))]
    return {row["number"]: {**row, "bookings": booked.count(row["number"])} for row in rows}


def _count(counts: Counts, rows: dict[int, Row]) -> None:
    counts.conversations += bool(rows)
    counts.turns += len(rows)
    for name in ("messages", "bookings", "handoffs"):
        setattr(counts, name, getattr(counts, name) + sum(row[name] for row in rows.values()))
