"""The pictures of the measurements, drawn with matplotlib into PNG files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend is chosen first)

from benchmarks.scores import Bin  # noqa: E402

OURS, OTHERS, LINE = "#1f5f8b", "#9db8c7", "#666666"


def draw_reliability(sources: Mapping[str, tuple[Sequence[Bin], float]], path: Path) -> None:
    """Draw one diagram a source: bars of accuracy by confidence, and below how many sentences each holds."""
    figure, axes = pyplot.subplots(
        2, len(sources), figsize=(4.6 * len(sources), 5.2), squeeze=False, sharex=True,
        gridspec_kw={"height_ratios": [3, 1]}, constrained_layout=True,
    )  # fmt: skip
    for column, (name, (bins, error)) in enumerate(sources.items()):
        upper, lower = axes[0][column], axes[1][column]
        middles, widths = [(each.low + each.high) / 2 for each in bins], [each.high - each.low for each in bins]
        upper.bar(middles, [each.accuracy for each in bins], widths, color=OTHERS, edgecolor="white")
        upper.plot([each.confidence for each in bins], [each.accuracy for each in bins], "o", color=OURS)
        upper.plot([0, 1], [0, 1], "--", color=LINE, linewidth=1)
        upper.set(title=f"{name}: calibration error {error:.3f}", xlim=(0, 1), ylim=(0, 1), ylabel="accuracy")
        lower.bar(middles, [each.count for each in bins], widths, color=OTHERS, edgecolor="white")
        lower.set(xlabel="confidence of the best intent", ylabel="sentences")
    _save(figure, path)


def draw_bars(rows: Mapping[str, Mapping[str, Any]], panels: Mapping[str, tuple[str, str]], path: Path) -> None:
    """Draw one panel of horizontal bars per figure; `panels` maps a key of the rows to title and number format.

    The first row stands out: it is the default. A figure that a row lacks has no bar.
    """
    columns = 4
    lines = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(
        lines, columns, figsize=(3.4 * columns, 0.6 + (0.42 * len(rows) + 0.5) * lines), squeeze=False,
        sharey=True, constrained_layout=True,
    )  # fmt: skip
    places = [axes[number // columns][number % columns] for number in range(lines * columns)]
    for axis, (key, (title, form)) in zip(places, panels.items(), strict=False):
        values = [float(row.get(key) or 0.0) for row in rows.values()]
        colours = [OURS if number == 0 else OTHERS for number in range(len(values))]
        bars = axis.barh(list(rows), values, color=colours)
        labels = [format(row[key], form) if key in row else "–" for row in rows.values()]
        axis.bar_label(bars, labels, padding=2, fontsize=8)
        axis.set_title(title, fontsize=9)
        axis.set_xlim(0, 1.3 * max(values, default=0.0) or 1.0)
        axis.xaxis.set_visible(False)
        axis.spines[["top", "right", "bottom"]].set_visible(False)
        axis.tick_params(labelsize=8)
    for axis in places[len(panels) :]:
        axis.set_visible(False)
    axes[0][0].invert_yaxis()
    _save(figure, path)


def draw_spread(rows: Mapping[str, Mapping[str, Any]], panels: Mapping[str, tuple[str, str]], path: Path) -> None:
    """Draw one panel of horizontal bars per figure, each with its spread; rows hold objects with value, low and high.

    A row named after Skycap stands out.
    """
    columns = 3
    lines = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(
        lines,
        columns,
        figsize=(4.4 * columns, (0.8 + 0.42 * len(rows)) * lines),
        squeeze=False,
        constrained_layout=True,
    )
    for number, (key, (title, form)) in enumerate(panels.items()):
        axis = axes[number // columns][number % columns]
        known = {name: row[key] for name, row in rows.items() if key in row}
        values = [each.value for each in known.values()]
        spread = [
            [each.value - each.low for each in known.values()],
            [each.high - each.value for each in known.values()],
        ]
        axis.barh(
            list(known), values, xerr=spread if known else None, color=[_colour(each) for each in known], capsize=3
        )
        for place, each in enumerate(known.values()):
            axis.annotate(
                f" {format(each.value, form)}", (each.high, place), va="center", fontsize=9,
            )  # fmt: skip
        axis.set_xlim(0, 1.3 * max((each.high for each in known.values()), default=1.0) or 1.0)
        axis.invert_yaxis()
        axis.xaxis.set_visible(False)
        axis.set_visible(bool(known))
        axis.set_title(title, fontsize=10)
        axis.spines[["top", "right", "bottom"]].set_visible(False)
        axis.tick_params(labelsize=9)
    for number in range(len(panels), lines * columns):
        axes[number // columns][number % columns].set_visible(False)
    _save(figure, path)


def draw_latencies(panels: Mapping[str, Mapping[str, Sequence[float]]], path: Path) -> None:
    """Draw, in a panel each, the share of turns answered within so many milliseconds; each curve is sorted."""
    figure, axes = pyplot.subplots(
        1, len(panels), figsize=(6 * len(panels), 4), squeeze=False, sharex=True, sharey=True, constrained_layout=True
    )
    for axis, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for name, milliseconds in curves.items():
            shares = [(at + 1) / len(milliseconds) for at in range(len(milliseconds))]
            axis.step(milliseconds, shares, label=name, color=_colour(name), linestyle=_line(name))
        axis.axhline(0.99, color=LINE, linewidth=0.6)
        axis.set(title=title, xscale="log", xlabel="milliseconds", ylim=(0, 1.01))
        axis.grid(alpha=0.3)
    axes[0][0].set(ylabel="share of turns answered (line: 99%)")
    if any(panels.values()):
        axes[0][0].legend(fontsize=9, loc="lower right")
    _save(figure, path)


def draw_turns(sides: Mapping[str, Sequence[float]], path: Path) -> None:
    """Draw the milliseconds of the first turn of a conversation, the second, and so on."""
    figure, axis = pyplot.subplots(figsize=(8, 4), constrained_layout=True)
    for name, milliseconds in sides.items():
        turns = range(1, len(milliseconds) + 1)
        axis.plot(turns, milliseconds, marker=".", color=_colour(name), linestyle=_line(name), label=name)
    axis.set(xlabel="turn of the conversation", ylabel="milliseconds (logarithmic)", yscale="log")
    axis.grid(alpha=0.3, which="both")
    axis.legend(fontsize=9)
    _save(figure, path)


def draw_memory(turns: Sequence[int], megabytes: Sequence[float], settled: int, path: Path) -> None:
    """Draw memory over turns; from the line on it should be flat."""
    figure, axis = pyplot.subplots(figsize=(8, 4), constrained_layout=True)
    axis.plot(turns, megabytes, color=OURS, marker=".")
    axis.axvline(settled, color=LINE, linewidth=0.6)
    axis.set(xlabel="turns answered", ylabel="memory of the process without files (MB)", ylim=(0, None))
    axis.grid(alpha=0.3)
    _save(figure, path)


def _colour(name: str) -> str:
    return OURS if name.startswith("Skycap") else OTHERS


def _line(name: str) -> str:
    return "--" if "Redis" in name else "-"


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
