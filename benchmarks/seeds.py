"""Tell luck from gain: the same assistant trained from several seeds: `python -m benchmarks.seeds DIRECTORY`.

Trains full models that differ in the random seed of every network (`make eval-seeds`), evaluates each as `make eval`
does, prints every figure with its mean and standard deviation and ends with one line of JSON. Models stay in var/seeds,
so a run that was interrupted goes on where it was: a seed whose model exists is not trained again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluate import MakeServer, add_options, measure
from benchmarks.scores import mean_and_spread
from benchmarks.server import ServerFailed, ServerProcess
from benchmarks.training import (
    CONFIG,
    DATA,
    DOMAIN,
    TrainingFailed,
    read_config,
    train,
    with_components,
    with_epochs,
    write_config,
)
from skycap.settings import ROOT

OUTPUT = ROOT / "var" / "seeds"
NETWORKS = ("DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy")
CODE_OF_MODEL = ROOT / "skycap" / "nlu"


def main(
    arguments: Sequence[str] | None = None,
    *,
    train: Callable[..., Any] = train,
    make_server: MakeServer = ServerProcess,
) -> int:
    """Train and evaluate the seeds; returns the exit status."""
    parser = argparse.ArgumentParser(description="Train the same assistant from several seeds and evaluate each.")
    add_options(parser)
    parser.add_argument("--seeds", type=int, default=5, help="how many: seeds 1, 2, …")
    parser.add_argument("--epochs", type=int, help="so many epochs everywhere: tries this program, measures nothing")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where models and pictures stay")
    chosen = parser.parse_args(arguments)
    if chosen.seeds < 1:
        parser.error("--seeds: at least 1")
    mark = fingerprint([CONFIG, DOMAIN, *sorted(DATA.rglob("*.yml")), *sorted(CODE_OF_MODEL.glob("*.py"))])
    reports: dict[int, dict[str, Any]] = {}
    try:
        for seed in range(1, chosen.seeds + 1):
            stem = "-".join([f"seed-{seed}", *([f"epochs-{chosen.epochs}"] if chosen.epochs else []), mark])
            archive = chosen.output / f"{stem}.tar.gz"
            if archive.is_file():
                print(f"Seed {seed}: {archive.name} is there already.", flush=True)
            else:
                print(f"Seed {seed}: training {archive.name} (minutes) …", flush=True)
                config = chosen.output / f"{stem}.yml"
                write_config(with_epochs(with_seed(read_config(), seed), chosen.epochs), config)
                train(config, archive, cache=chosen.output / "cache")
            reports[seed] = measure(
                chosen.directory,
                conversations=chosen.n,
                sentences=chosen.sentences,
                held_out_directory=chosen.held_out,
                picture=chosen.output / f"{stem}.png",
                model=archive,
                make_server=make_server,
            )
            archive.with_name(f"{stem}.json").write_text(json.dumps(reports[seed], indent=1) + "\n")
    except (TrainingFailed, ServerFailed, subprocess.CalledProcessError) as error:
        print(f"Seed {seed} failed. {error}\nRun the same command again to go on from there.", file=sys.stderr)
        return 1
    print(f"\n{table(reports)}")
    print(json.dumps({"seeds": list(reports), **summary(reports)}))
    return 0


def with_seed(config: dict[str, Any], seed: int) -> dict[str, Any]:
    """The configuration with this random seed in every network, whether it named one or not."""
    return with_components(config, lambda each: {**each, "random_seed": seed} if _is_network(each) else each)


def fingerprint(paths: Iterable[Path]) -> str:
    """Eight characters that change when a file does, so that a model of other sentences is not taken for this one's."""
    together = hashlib.sha256()
    for path in paths:
        together.update(hashlib.sha256(path.read_bytes()).digest())
    return together.hexdigest()[:8]


def summary(reports: Mapping[int, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of every figure that all reports have."""
    keys = [key for key in next(iter(reports.values())) if all(key in report for report in reports.values())]
    spreads = {key: mean_and_spread([report[key] for report in reports.values()]) for key in keys}
    return {key: {"mean": round(mean, 4), "deviation": round(spread, 4)} for key, (mean, spread) in spreads.items()}


def table(reports: Mapping[int, Mapping[str, float]]) -> str:
    """The reports as a Markdown table, one line a figure, with mean and standard deviation at the end."""
    heads = ["", *(f"seed {seed}" for seed in reports), "mean", "deviation"]
    lines = [heads, ["---", *(["---:"] * (len(heads) - 1))]]
    for key, each in summary(reports).items():
        values = [*(report[key] for report in reports.values()), each["mean"], each["deviation"]]
        lines.append([key, *(f"{value:.4f}".rstrip("0").rstrip(".") for value in values)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _is_network(part: Mapping[str, Any]) -> bool:
    return "random_seed" in part or part["name"].rsplit(".", 1)[-1] in NETWORKS


if __name__ == "__main__":
    sys.exit(main())
