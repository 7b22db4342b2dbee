"""What happened in conversations, in figures: all together, by day, channel and language, with how far bookings came.

Reads the analytics views alone, so it holds counts, nothing that was said. `drawing` draws the same figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from flights import database
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.views import VIEWS

BOOKED = "(booked)"
BAR = 40  # characters of the longest one
DAYS = 31  # in the table by day; the views have all


@dataclass
class Figures:
    """Sums over some sessions. Counters hold how often there was so much: messages to a booking, milliseconds."""

    sessions: int = 0
    handed_over: int = 0
    messages: int = 0
    fallbacks: int = 0
    taken: int = 0
    waited_seconds: float = 0.0
    to_booking: Counter[int] = field(default_factory=Counter)
    milliseconds: Counter[int] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)

    @property
    def bookings(self) -> int:
        return sum(self.to_booking.values())

    @property
    def contained(self) -> float:
        """Share of sessions that no person was asked into."""
        return 1 - self.handed_over / self.sessions if self.sessions else 0.0

    @property
    def fallback_rate(self) -> float:
        """Share of messages that were not understood."""
        return self.fallbacks / self.messages if self.messages else 0.0

    def funnel(self) -> list[tuple[str, int]]:
        """The details asked for, in so many sessions each, the most frequent first; in the end the bookings."""
        asked = Counter({step: count for step, count in self.steps.items() if step != BOOKED})
        return [*asked.most_common(), (BOOKED, self.steps[BOOKED])]

    def add(self, view: str, row: Mapping[str, Any]) -> None:
        """Add a row of a view."""
        if view == "analytics_containment":
            self.sessions += row["sessions"]
            self.handed_over += row["handed_over"]
        elif view == "analytics_fallback_rate":
            self.messages += row["messages"]
            self.fallbacks += row["fallbacks"]
        elif view == "analytics_handoff_waits":
            self.taken += row["taken"]
            self.waited_seconds += row["taken"] * (row["mean_wait_seconds"] or 0.0)
        elif view == "analytics_turns_to_booking":
            self.to_booking[row["messages"]] += row["bookings"]
        elif view == "analytics_turn_times":
            self.milliseconds[row["milliseconds"]] += row["turns"]
        else:
            self.steps[row["step"]] += row["sessions"]

    def row(self) -> list[str]:
        """Columns of the table."""
        shares = [f"{share:.1%}" for share in (self.contained, self.fallback_rate)]
        middle = [quantile(each, 0.5) for each in (self.to_booking, self.milliseconds)]
        waited = [f"{self.waited_seconds / self.taken:.0f}" if self.taken else "-"]
        counts = [str(each) for each in (self.sessions, self.messages, self.bookings)]
        return [*counts, *shares, *("-" if each is None else str(each) for each in middle), *waited]


COLUMNS = (
    "sessions", "messages", "bookings", "contained", "not understood", "messages to booking", "turn ms", "wait s",
)  # fmt: skip
Groups = dict[tuple[str, str], Figures]


def groups_of(archive: Archive) -> Groups:
    """The figures of ("all", "all"), ("day", "2027-03-01"), ("channel", "rest"), ("language", "de") and so on.

    And of ("day and channel", "2027-03-01 rest").
    """
    groups: Groups = defaultdict(Figures)
    for view, row in _rows(archive):
        groups["all", "all"].add(view, row)
        for kind in ("day", "channel", "language"):
            groups[kind, str(row[kind])].add(view, row)
        groups["day and channel", f"{row['day']} {row['channel']}"].add(view, row)
    return dict(groups)


def _rows(archive: Archive) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with database.read(archive.engine) as connection:
        for view in VIEWS:
            for row in connection.execute(text(f"SELECT * FROM {view}")):
                yield view, row._mapping


def report(archive: Archive) -> str:
    """The tables, and in how many sessions each question of a booking was put."""
    groups, looked_at = groups_of(archive), archive.looked_at
    if not groups or looked_at is None:
        return "No figures yet. `skycap report --refresh` takes in what was said so far."
    parts = [f"Taken in until {looked_at:%Y-%m-%d %H:%M} UTC; `skycap report --refresh` takes in what came since."]
    for kind in ("all", "day", "channel", "language"):
        rows = [[name, *figures.row()] for (group, name), figures in sorted(groups.items()) if group == kind]
        parts.append(_table([[kind, *COLUMNS], *rows[-DAYS if kind == "day" else 0 :]]))
    return "\n\n".join([*parts, _funnel(groups["all", "all"])])


def quantile(counts: Counter[int], share: float) -> int | None:
    """The smallest value that at least this share of all values does not exceed; None of nothing."""
    wanted, so_far = share * sum(counts.values()), 0
    for value, count in sorted(counts.items()):
        so_far += count
        if so_far >= wanted:
            return value
    return None


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *values in rows:
        cells = [value.rjust(width) for value, width in zip(values, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *cells]))
    return "\n".join(lines)


def _funnel(figures: Figures) -> str:
    lines = ["sessions in which it was asked for"]
    most = max(figures.steps.values(), default=1)
    for name, count in figures.funnel():
        share = f"{count / figures.sessions:.0%}"
        lines.append(f"{name:20} {count:6} {share:>5}  {'█' * round(BAR * count / most)}".rstrip())
    return "\n".join(lines)
