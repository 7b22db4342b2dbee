"""Draws the figures of the report: six panels in one PNG, for a page or a wall."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from skycap.state.report import BOOKED, Figures, Groups, quantile

INK, MAIN, SECOND, PALE = "#333333", "#2f6f9f", "#d9822b", "#9db8cc"
STYLE = {
    "font.size": 10, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": "#999999", "axes.spines.top": False,
    "axes.spines.right": False, "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.titlesize": 11,
}  # fmt: skip
CHANNELS = ("#2f6f9f", "#7fb069", "#d9a441", "#8e6c8a", "#5aa9a5", "#9a8f80")
NARROW_DAYS = 14  # of more days only some are named


def draw(groups: Groups, path: Path) -> None:
    """Write the picture, in the format of the file's name. Raises OSError, ValueError for a format that is unknown."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    whole = groups["all", "all"]
    by_day = {date.fromisoformat(name): figures for (kind, name), figures in groups.items() if kind == "day"}
    with pyplot.rc_context(STYLE):
        figure, panels = pyplot.subplots(2, 3, figsize=(15, 8.5), layout="constrained")
        first, last = min(by_day), max(by_day)
        days = f"{first:%-d %B %Y}" + (f" to {last:%-d %B %Y}" if last > first else "")
        counted = f"{whole.sessions:,} sessions, {whole.messages:,} messages, {whole.bookings:,} bookings"
        figure.suptitle(f"Skycap, {days}: {counted}", fontsize=14, fontweight="bold")
        sessions = {name: each.sessions for (kind, name), each in groups.items() if kind == "day and channel"}
        _sessions(panels[0][0], by_day, sessions)
        _share(panels[0][1], {day: each.contained for day, each in by_day.items()}, whole.contained)
        panels[0][1].set_title("Contained: sessions without a person")
        panels[0][1].set_ylabel("% of sessions")
        _share(panels[0][2], {day: each.fallback_rate for day, each in by_day.items()}, whole.fallback_rate)
        panels[0][2].set_title("Not understood")
        panels[0][2].set_ylabel("% of messages")
        _funnel(panels[1][0], whole)
        _to_booking(panels[1][1], whole.to_booking)
        _turn_times(panels[1][2], whole.milliseconds)
        try:
            figure.savefig(path, dpi=130, facecolor="white")
        finally:
            pyplot.close(figure)


def _sessions(panel: Any, by_day: dict[date, Figures], sessions: dict[str, int]) -> None:
    """`sessions` of each day and channel, "2027-03-01 rest"."""
    days = sorted(by_day)
    sums: Counter[str] = Counter()
    for name, count in sessions.items():
        sums[name.split()[1]] += count
    bottom = [0] * len(days)
    for place, (channel, _) in enumerate(sums.most_common()):
        heights = [sessions.get(f"{day} {channel}", 0) for day in days]
        panel.bar(days, heights, bottom=bottom, color=CHANNELS[place % len(CHANNELS)], label=channel, width=0.8)
        bottom = [below + height for below, height in zip(bottom, heights, strict=True)]
    panel.plot(days, [by_day[day].bookings for day in days], "o-", color=SECOND, markersize=4, label=BOOKED.strip("()"))
    panel.set_title("Sessions by channel, and bookings")
    panel.set_ylabel("a day")
    panel.yaxis.get_major_locator().set_params(integer=True)
    panel.set_ylim(0, max(bottom) * 1.25)
    panel.legend(frameon=False, fontsize=9, ncols=min(4, len(sums) + 1), loc="upper left")
    _name_days(panel, days)


def _share(panel: Any, shares: dict[date, float], of_all: float) -> None:
    days = sorted(shares)
    panel.plot(days, [100 * shares[day] for day in days], "o-", color=MAIN, markersize=4)
    panel.axhline(100 * of_all, color=SECOND, linewidth=1, linestyle="--", label=f"all: {of_all:.1%}")
    panel.set_ylim(0, 105 if of_all > 0.5 else max(5.0, 130 * max(shares.values())))
    panel.legend(frameon=False, fontsize=9, loc="lower right" if of_all > 0.5 else "upper right")
    panel.grid(axis="y", color="#eeeeee")
    _name_days(panel, days)


def _name_days(panel: Any, days: list[date]) -> None:
    from matplotlib import dates

    panel.set_xlim(dates.date2num(days[0]) - 0.7, dates.date2num(days[-1]) + 0.7)
    locator: Any = dates.DayLocator() if days[-1] - days[0] < timedelta(NARROW_DAYS) else dates.AutoDateLocator()
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(dates.DateFormatter("%-d %b"))
    panel.tick_params(axis="x", labelrotation=45 if days[-1] - days[0] > timedelta(NARROW_DAYS / 2) else 0)


def _funnel(panel: Any, figures: Figures) -> None:
    steps = figures.funnel()[::-1]
    names = [name.replace("_", " ") for name, _ in steps]
    counts = [count for _, count in steps]
    bars = panel.barh(names, counts, color=[SECOND if name == BOOKED else MAIN for name, _ in steps])
    panel.bar_label(bars, [f"{count:,} ({count / figures.sessions:.0%})" for count in counts], padding=4, fontsize=9)
    panel.set_xlim(0, max([*counts, 1]) * 1.3)
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.set_title("What was asked for, and booked")
    panel.set_xlabel("sessions (share of all)")


def _to_booking(panel: Any, to_booking: Counter[int]) -> None:
    panel.set_title("Messages to a booking")
    panel.set_xlabel("messages of the traveller")
    panel.set_ylabel("bookings")
    if (middle := quantile(to_booking, 0.5)) is None:
        _nothing(panel, "no bookings")
        return
    panel.bar(list(to_booking), list(to_booking.values()), color=MAIN, width=0.8)
    panel.axvline(middle, color=SECOND, linestyle="--", linewidth=1, label=f"median: {middle}")
    panel.set_xlim(0, max(to_booking) + 2)
    panel.set_ylim(0, 1.2 * max(to_booking.values()))
    for axis in (panel.xaxis, panel.yaxis):
        axis.get_major_locator().set_params(integer=True)
    panel.legend(frameon=False, fontsize=9)


def _turn_times(panel: Any, milliseconds: Counter[int]) -> None:
    panel.set_title("How long a turn takes")
    panel.set_xlabel("milliseconds, from the message to the last event")
    panel.set_ylabel("turns")
    middle, late = quantile(milliseconds, 0.5), quantile(milliseconds, 0.95)
    if middle is None or late is None:
        _nothing(panel, "no turns")
        return
    edges = [10 ** (power / 8) for power in range(0, 8 * 5 + 1)]  # 1 ms to 100 s, eight columns for each power of ten
    values = [min(max(each, 1), 99_999) for each in milliseconds]
    panel.hist(values, bins=edges, weights=list(milliseconds.values()), color=PALE, edgecolor="white")
    panel.set_xscale("log")
    panel.set_xlim(max(1, min(values) / 2), max(values) * 2)
    panel.axvline(middle, color=MAIN, linestyle="--", linewidth=1, label=f"median: {middle:,} ms")
    panel.axvline(late, color=SECOND, linestyle="--", linewidth=1, label=f"95%: {late:,} ms")
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    panel.legend(frameon=False, fontsize=9)


def _nothing(panel: Any, what: str) -> None:
    panel.text(0.5, 0.5, what, ha="center", va="center", transform=panel.transAxes, color="#999999")
    panel.set_xticks([])
    panel.set_yticks([])
