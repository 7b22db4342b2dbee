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
    """Draw one panel of bars per figure, each bar with its spread; rows hold objects with value, low and high."""
    columns = 4
    lines = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(
        lines, columns, figsize=(3.2 * columns, 2.2 * lines), squeeze=False, constrained_layout=True
    )
    for number, (key, (title, form)) in enumerate(panels.items()):
        axis = axes[number // columns][number % columns]
        known = {name: row[key] for name, row in rows.items() if key in row}
        values = [each.value for each in known.values()]
        spread = [
            [each.value - each.low for each in known.values()],
            [each.high - each.value for each in known.values()],
        ]
        colours = [OURS if name == next(iter(rows)) else OTHERS for name in known]
        labels = [f"{name}\n{format(each.value, form)}" for name, each in known.items()]
        axis.bar(labels, values, yerr=spread if known else None, color=colours, capsize=4, width=0.6)
        axis.set_visible(bool(known))
        axis.set_title(title, fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8)
    for number in range(len(panels), lines * columns):
        axes[number // columns][number % columns].set_visible(False)
    _save(figure, path)


def draw_latencies(curves: Mapping[str, Sequence[float]], path: Path) -> None:
    """Draw the share of turns answered within so many milliseconds; each curve is sorted."""
    figure, axis = pyplot.subplots(figsize=(8, 4.5), constrained_layout=True)
    for name, milliseconds in curves.items():
        axis.step(milliseconds, [(at + 1) / len(milliseconds) for at in range(len(milliseconds))], label=name)
    axis.set(xscale="log", xlabel="milliseconds", ylabel="share of turns answered", ylim=(0, 1))
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
    _save(figure, path)


def draw_turns(sides: Mapping[str, Sequence[float]], path: Path) -> None:
    """Draw the milliseconds of the first turn of a conversation, the second, and so on."""
    figure, axis = pyplot.subplots(figsize=(8, 4), constrained_layout=True)
    for number, (name, milliseconds) in enumerate(sides.items()):
        turns = range(1, len(milliseconds) + 1)
        axis.plot(turns, milliseconds, ".-", color=OTHERS if number else OURS, label=name)
    axis.set(xlabel="turn of the conversation", ylabel="milliseconds", ylim=(0, None))
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
