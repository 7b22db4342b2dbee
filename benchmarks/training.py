"""Train one model in a process of its own and say what it cost: used by `make eval-pipelines` and `make eval-seeds`.

Reads a Rasa configuration, writes an archive; run as `python -m benchmarks.training`, it ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from skycap.settings import ROOT

CONFIG = ROOT / "config.yml"
DOMAIN = ROOT / "domain.yml"
DATA = ROOT / "data"


class TrainingFailed(RuntimeError):
    """A model could not be trained; the message holds the end of what the training said."""


@dataclass(frozen=True)
class Cost:
    """What a training took: seconds of the clock and of the processor, without the import of Rasa."""

    seconds: float
    cpu_seconds: float


def read_config(path: Path = CONFIG) -> dict[str, Any]:
    """A Rasa configuration as plain data."""
    return YAML(typ="safe").load(path)


def write_config(config: dict[str, Any], path: Path) -> None:
    """Write a Rasa configuration that `rasa train --config` reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(config, file)


def with_components(config: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """The configuration with each component of its pipelines, each policy too, as `change` makes it."""

    def changed(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_within(change(each), changed) for each in parts]

    return config | {kind: changed(config[kind]) for kind in ("pipeline", "policies") if kind in config}


def _within(part: dict[str, Any], changed: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> dict[str, Any]:
    """The component with the pipelines of the languages within it changed, where there are any."""
    if "pipelines" not in part:
        return part
    return {**part, "pipelines": {code: changed(each) for code, each in part["pipelines"].items()}}


def with_epochs(config: dict[str, Any], epochs: int | None) -> dict[str, Any]:
    """The configuration with so many epochs wherever it names any; as it is with None."""
    if epochs is None:
        return config
    return with_components(config, lambda each: {**each, "epochs": epochs} if "epochs" in each else each)


def train(
    config: Path,
    archive: Path,
    *,
    data: Path = DATA,
    domain: Path = DOMAIN,
    nlu_only: bool = False,
    cache: Path | None = None,
) -> Cost:
    """Train `config` on `data` into `archive` (.tar.gz), which appears only when it is whole.

    With `cache` steps that were trained before are taken from that folder; without it everything is trained, so that
    the cost is the whole one. Raises TrainingFailed.
    """
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    environment |= {"RASA_CACHE_DIRECTORY": str(cache.resolve())} if cache else {"RASA_MAX_CACHE_SIZE": "0"}
    archive = archive.resolve()  # the training runs in the project's folder
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="training-", dir=archive.parent) as directory:
        made = Path(directory) / "model.tar.gz"
        command = [sys.executable, "-m", "benchmarks.training", str(config.resolve()), str(made)]
        command += ["--data", str(data.resolve()), "--domain", str(domain.resolve())]
        command += ["--nlu-only"] if nlu_only else []
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode or not made.is_file():
            said = (done.stdout + done.stderr)[-3000:]
            raise TrainingFailed(f"Training {config.name} failed with status {done.returncode}:\n{said}")
        made.replace(archive)
    return Cost(**json.loads(done.stdout.strip().splitlines()[-1]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train in this process; returns the exit status."""
    parser = argparse.ArgumentParser(description="Train one model and print what it cost.")
    parser.add_argument("config", type=Path)
    parser.add_argument("archive", type=Path, help="where the model goes, .tar.gz")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--domain", type=Path, default=DOMAIN)
    parser.add_argument("--nlu-only", action="store_true")
    chosen = parser.parse_args(arguments)

    from rasa import model_training  # imports TensorFlow: seconds

    output, name = str(chosen.archive.parent), chosen.archive.name.removesuffix(".tar.gz")
    clock, processor = time.monotonic(), time.process_time()
    if chosen.nlu_only:
        made = model_training.train_nlu(
            str(chosen.config), str(chosen.data), output, fixed_model_name=name, domain=str(chosen.domain)
        )
    else:
        made = model_training.train(
            str(chosen.domain), str(chosen.config), [str(chosen.data)], output, fixed_model_name=name
        ).model
    cost = {"seconds": time.monotonic() - clock, "cpu_seconds": time.process_time() - processor}
    print(json.dumps({key: round(value, 1) for key, value in cost.items()}), flush=True)
    return 0 if made else 1


if __name__ == "__main__":
    sys.exit(main())
