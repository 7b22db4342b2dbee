"""Measure the assistant on people's own sentences: `python -m benchmarks.evaluate DIRECTORY`.

Starts a server of its own with the data set's today, compares the model's confidence with its accuracy on our held-out
sentences, runs the programs of DIRECTORY where they are present (whole conversations, then intents sentence by
sentence), prints what each says, and ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks import held_out
from benchmarks.calibration import calibrate
from benchmarks.held_out import REFUSED
from benchmarks.server import ServerFailed, ServerProcess
from skycap.settings import ROOT

TODAY = "2019-03-01"  # the data set's
PROGRAMS = ("simulate.py", "acts.py", "sgd_flights_dev.jsonl", "clinc_dev.jsonl", "oos_dev.txt")
PICTURES = ROOT / "var" / "eval"
CLINC_SENTENCES = 1300

# Builds a server that is not started: its own directory, then Skycap's settings by name.
MakeServer = Callable[..., AbstractContextManager[Any]]


def main(arguments: Sequence[str] | None = None, *, make_server: MakeServer = ServerProcess) -> int:
    """Run the evaluation; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure the assistant on people's own sentences.")
    add_options(parser)
    parser.add_argument("--failures", type=Path, help="keep what went wrong in this folder")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="where the reliability diagram goes")
    chosen = parser.parse_args(arguments)
    try:
        report = measure(
            chosen.directory,
            conversations=chosen.n,
            sentences=chosen.sentences,
            held_out_directory=chosen.held_out,
            failures=chosen.failures,
            picture=chosen.pictures / "reliability.png",
            make_server=make_server,
        )
    except (ServerFailed, subprocess.CalledProcessError) as error:
        print(f"The evaluation failed. {error}", file=sys.stderr)
        return 1
    print(json.dumps(report))
    return 0


def add_options(parser: argparse.ArgumentParser) -> None:
    """What every program that evaluates a whole assistant may be told."""
    parser.add_argument("directory", type=Path, help="the folder with simulate.py, acts.py and their sentences")
    parser.add_argument("-n", type=int, default=200, help="how many conversations to hold")
    parser.add_argument("--sentences", type=int, default=1000, help="how many sentences of conversations to parse")
    parser.add_argument("--held-out", type=Path, default=held_out.DIRECTORY, help="our own held-out sentences")


def missing_from(directory: Path) -> list[str]:
    """The programs and sentences that `directory` lacks."""
    return [name for name in PROGRAMS if not (directory / name).is_file()]


def measure(
    directory: Path,
    *,
    conversations: int,
    sentences: int,
    held_out_directory: Path = held_out.DIRECTORY,
    failures: Path | None = None,
    picture: Path,
    model: Path | None = None,
    make_server: MakeServer = ServerProcess,
) -> dict[str, Any]:
    """Serve `model` (the project's own when None) and measure it; returns the numbers of the last line.

    Without the programs in `directory` only the held-out sentences are measured. Raises ServerFailed and
    subprocess.CalledProcessError.
    """
    missing = missing_from(directory)
    sources = {"held_out": held_out.ours(held_out_directory)}
    if missing:
        print(f"{directory} has no {missing[0]}: only our own held-out sentences are measured.", flush=True)
    else:
        sources["clinc"] = held_out.of_lines(directory / "clinc_dev.jsonl")
    settings = {"today": TODAY, "enable_api": "1"} | ({"model": str(model.resolve())} if model else {})
    with tempfile.TemporaryDirectory(prefix="skycap-eval-") as temporary:
        kept = failures or Path(temporary)
        kept.mkdir(parents=True, exist_ok=True)
        with make_server(Path(temporary), **settings) as server:
            report = calibrate(server.url, sources, picture)
            if missing:
                return report
            return evaluate(directory.resolve(), server.url, kept, conversations, sentences) | report


def evaluate(directory: Path, url: str, failures: Path, conversations: int, sentences: int) -> dict[str, Any]:
    """Run the programs of `directory` against the server at `url`; returns their numbers, shares between 0 and 1."""
    started = time.monotonic()
    talk = _run(
        directory / "simulate.py", directory / "sgd_flights_dev.jsonl", "-n", conversations,
        "--failures", failures / "conversations.jsonl", url=url,
    )  # fmt: skip
    return {
        **{key: talk[key] for key in ("slot_accuracy", "booked", "repairs", "errors", "messages")},
        **judge_intents(directory, url, failures, sentences),
        "seconds": round(time.monotonic() - started, 1),
    }


def judge_intents(directory: Path, url: str, failures: Path, sentences: int) -> dict[str, Any]:
    """Have acts.py of `directory` judge the intents that `url`/model/parse finds; returns shares between 0 and 1.

    `in_scope_refused` is the share of travel and small-talk sentences that were taken for something Skycap cannot do.
    """
    acts = _run(
        directory / "acts.py", directory / "sgd_flights_dev.jsonl", "-n", sentences,
        "--oos", directory / "oos_dev.txt", "--errors", failures / "acts.jsonl", url=url,
    )  # fmt: skip
    clinc = _run(
        directory / "acts.py", directory / "clinc_dev.jsonl", "-n", CLINC_SENTENCES,
        "--errors", failures / "clinc.jsonl", url=url,
    )  # fmt: skip
    refused = _refused(failures / "acts.jsonl") + _refused(failures / "clinc.jsonl")
    return {
        "acts_accuracy": acts["accuracy"],
        "clinc_accuracy": clinc["accuracy"],
        "out_of_scope_refused": acts["out_of_scope_refused"],
        "in_scope_refused": round(refused / max(1, acts["sentences"] + clinc["sentences"]), 4),
    }


def _run(program: Path, *arguments: object, url: str) -> dict[str, Any]:
    """Run one program, show its line and return it."""
    command = [sys.executable, str(program), *map(str, arguments), "--url", url]
    line = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip().splitlines()[-1]
    print(f"{program.name} {Path(str(arguments[0])).name}: {line}", flush=True)
    return json.loads(line)


def _refused(errors: Path) -> int:
    """How many wrongly understood sentences were refused; a refusal is never right for these sentences."""
    return sum(json.loads(line)["intent"] in REFUSED for line in errors.read_text().splitlines() if line)


if __name__ == "__main__":
    sys.exit(main())
