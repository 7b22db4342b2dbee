"""Compare NLU pipelines on the same sentences: `python -m benchmarks.pipelines [DIRECTORY]`, `make eval-pipelines`.

Trains the English pipeline of config.yml and those of benchmarks/pipelines on data/nlu/en, each in a process of its own
and without a cache; measures each model on tests/nlu/en and, where DIRECTORY is present, on people's own sentences.
Prints a Markdown table, draws a picture and ends with one line of JSON. Models, full configurations and figures stay in
var/pipelines.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks import held_out, understanding
from benchmarks.evaluate import missing_from
from benchmarks.pictures import draw_bars
from benchmarks.training import CONFIG, DOMAIN, TrainingFailed, read_config, train, with_epochs, write_config
from skycap.settings import ROOT

DEFAULT = "default"
CONFIGURATIONS = ROOT / "benchmarks" / "pipelines"
DATA = ROOT / "data" / "nlu" / "en"
WITH_CALIBRATION = ROOT / "data"  # for pipelines with a component that keeps data/calibration out of its training
CALIBRATED = "skycap.nlu.joint.JointIntentClassifier"
OUTPUT = ROOT / "var" / "pipelines"
LANGUAGE = "en"  # the others' pipelines are made alike
QUICK_EPOCHS = 1
QUICK_SENTENCES = 20
SHARED_FROM = ("ResponseSelector", "FallbackClassifier")  # from here on every pipeline is the default's
FIGURES = {  # key of a row: (heading, number format)
    "intent_accuracy": ("intents right", ".1%"),
    "best_intent_accuracy": ("right before the fallback", ".1%"),
    "calibration_error": ("calibration error", ".3f"),
    "entity_f1": ("entity F1, tokens", ".3f"),
    "entity_span_f1": ("entity F1, spans", ".3f"),
    "own_out_of_scope_refused": ("out of scope refused", ".1%"),
    "own_in_scope_refused": ("in scope refused", ".1%"),
    "acts_accuracy": ("strangers: acts right", ".1%"),
    "clinc_accuracy": ("strangers: CLINC right", ".1%"),
    "out_of_scope_refused": ("strangers: out of scope refused", ".1%"),
    "in_scope_refused": ("strangers: in scope refused", ".1%"),
    "milliseconds": ("ms a message", ".1f"),
    "archive_megabytes": ("MB of the archive", ".1f"),
    "process_megabytes": ("MB of the process", ".0f"),
    "seconds": ("s of training", ".0f"),
    "cpu_seconds": ("s of the processor", ".0f"),
}


class BadPipeline(ValueError):
    """A file of benchmarks/pipelines cannot be used; the message says which and what to correct."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and measure the pipelines; returns the exit status."""
    parser = argparse.ArgumentParser(description="Compare NLU pipelines on the same sentences.")
    parser.add_argument(
        "directory", type=Path, nargs="?", help="people's own sentences and the programs that judge them"
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these, such as default diet_alone")
    parser.add_argument("--data", type=Path, help="other sentences to train on")
    parser.add_argument("--domain", type=Path, default=DOMAIN)
    parser.add_argument("--held-out", type=Path, default=held_out.DIRECTORY, help="the sentences to measure on")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where models, figures and the picture go")
    parser.add_argument("--picture", type=Path, help="where the picture goes instead")
    parser.add_argument("--resume", action="store_true", help="measure only what has no figures in the output folder")
    parser.add_argument("--quick", action="store_true", help="one epoch each: tries this program, measures nothing")
    chosen = parser.parse_args(arguments)
    rows: dict[str, dict[str, Any]] = {}
    try:
        known = configurations()
        if wrong := set(chosen.only or ()) - set(known):
            raise BadPipeline(f"There is no pipeline {sorted(wrong)[0]!r}. There are: {', '.join(known)}.")
        directory = chosen.directory
        if directory and (missing := missing_from(directory)):
            print(f"{directory} has no {missing[0]}: only our own held-out sentences are measured.", flush=True)
            directory = None
        for name, config in known.items():
            if chosen.only and name not in chosen.only:
                continue
            kept = chosen.output / f"{name}.json"
            if chosen.resume and kept.is_file():
                print(f"The figures of {name} are those of {kept}.", flush=True)
                rows[name] = json.loads(kept.read_text())
                continue
            print(f"Training and measuring {name} …", flush=True)
            written, archive = chosen.output / f"{name}.yml", chosen.output / f"{name}.tar.gz"
            write_config(with_epochs(config, QUICK_EPOCHS if chosen.quick else None), written)
            data = chosen.data or data_for(config)
            cost = train(written, archive, data=data, domain=chosen.domain, nlu_only=True)
            figures = understanding.measure(
                archive,
                held_out_directory=chosen.held_out,
                directory=directory,
                sentences=QUICK_SENTENCES if chosen.quick else 1000,
            )
            rows[name] = asdict(cost) | figures
            kept.write_text(json.dumps(rows[name], indent=1) + "\n")
    except (BadPipeline, TrainingFailed, understanding.MeasuringFailed) as error:
        print(f"The comparison failed. {error}", file=sys.stderr)
        return 1
    picture = chosen.picture or chosen.output / "pipelines.png"
    draw_bars(rows, {key: each for key, each in FIGURES.items() if any(key in row for row in rows.values())}, picture)
    print(f"\n{machine()}\n\n{table(rows)}\n\nThe picture is {picture}.")
    print(json.dumps(rows))
    return 0


def configurations(directory: Path = CONFIGURATIONS, default: Path = CONFIG) -> dict[str, dict[str, Any]]:
    """The NLU configurations by name, the default first; of its languages English alone. Raises BadPipeline.

    A file either says `replace` (a component of the default, and the list that comes in its place) or brings a
    `pipeline` of its own for words, intents and entities; the default's choice of answers and its fallback follow, so
    that only understanding differs.
    """
    config = {key: value for key, value in read_config(default).items() if key != "policies"}
    components = components_of(config)
    found = {DEFAULT: _with_pipeline(config, components)}
    for path in sorted(directory.glob("*.yml")):
        found[path.stem] = _with_pipeline(config, _pipeline(path, components))
    return found


def components_of(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The components that understand English."""
    return config["pipeline"][-1]["pipelines"][LANGUAGE]


def data_for(config: Mapping[str, Any]) -> Path:
    """The sentences for a pipeline: with those to calibrate on when it knows not to learn them."""
    return WITH_CALIBRATION if any(each["name"] == CALIBRATED for each in components_of(config)) else DATA


def _with_pipeline(config: Mapping[str, Any], components: list[dict[str, Any]]) -> dict[str, Any]:
    """The configuration with these components for English, and for no other language."""
    *first, router = config["pipeline"]
    return {**config, "pipeline": [*first, {**router, "pipelines": {LANGUAGE: components}}]}


def _pipeline(path: Path, default: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = YAML(typ="safe").load(path) or {}
    if set(own) == {"replace"}:
        names = [each["name"] for each in default]
        if unknown := [name for name in own["replace"] if name not in names]:
            raise BadPipeline(f"{path.name} replaces {unknown[0]}, which config.yml does not have. Correct the name.")
        return [new for each in default for new in own["replace"].get(each["name"], [each])]
    if set(own) == {"pipeline"}:
        shared = next((i for i, each in enumerate(default) if each["name"].endswith(SHARED_FROM)), len(default))
        return [*own["pipeline"], *default[shared:]]
    raise BadPipeline(f"{path.name} must say either `pipeline` or `replace`, and nothing else.")


def table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """The rows as a Markdown table, one line a figure; a figure that a row lacks is a dash."""
    lines = [["", *rows], ["---", *(["---:"] * len(rows))]]
    for key, (heading, form) in FIGURES.items():
        if any(key in row for row in rows.values()):
            lines.append([heading, *(format(row[key], form) if key in row else "–" for row in rows.values())])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Processor, Python and the packages that matter, in one line."""
    models = [line.partition(":")[2].strip() for line in _processor() if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in ("rasa", "tensorflow", "scikit-learn", "spacy"))
    processor = f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores"
    return f"{processor}; Python {platform.python_version()}, {packages}"


def _processor() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.is_file() else []


if __name__ == "__main__":
    sys.exit(main())
