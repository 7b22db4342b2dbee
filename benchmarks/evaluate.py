"""Measure the assistant on people's own sentences: `python -m benchmarks.evaluate DIRECTORY`.

Starts a server of its own with the data set's today, runs the programs of DIRECTORY against it (whole conversations,
then intents sentence by sentence), prints what each says, and ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.server import ServerFailed, ServerProcess

TODAY = "2019-03-01"  # the data set's
REFUSED = {"nlu_fallback", "out_of_scope"}
PROGRAMS = ("simulate.py", "acts.py", "sgd_flights_dev.jsonl", "clinc_dev.jsonl", "oos_dev.txt")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure the assistant on people's own sentences.")
    parser.add_argument("directory", type=Path, help="the folder with simulate.py, acts.py and their sentences")
    parser.add_argument("-n", type=int, default=200, help="how many conversations to hold")
    parser.add_argument("--sentences", type=int, default=1000, help="how many sentences of conversations to parse")
    parser.add_argument("--failures", type=Path, help="keep what went wrong in this folder")
    chosen = parser.parse_args(arguments)
    missing = [name for name in PROGRAMS if not (chosen.directory / name).is_file()]
    if missing:
        print(
            f"Nothing to measure: {chosen.directory} has no {missing[0]}. The sentences are kept outside this project."
        )
        return 0
    with tempfile.TemporaryDirectory(prefix="skycap-eval-") as temporary:
        failures = chosen.failures or Path(temporary)
        failures.mkdir(parents=True, exist_ok=True)
        try:
            with ServerProcess(Path(temporary), today=TODAY, enable_api="1") as server:
                report = evaluate(chosen.directory.resolve(), server.url, failures, chosen.n, chosen.sentences)
        except (ServerFailed, subprocess.CalledProcessError) as error:
            print(f"The evaluation failed. {error}", file=sys.stderr)
            return 1
    print(json.dumps(report))
    return 0


def evaluate(directory: Path, url: str, failures: Path, conversations: int, sentences: int) -> dict[str, Any]:
    """Run the programs of `directory` against the server at `url`; returns the numbers of the last line.

    Shares are between 0 and 1. `in_scope_refused` is the share of travel and small-talk sentences that were taken for
    something Skycap cannot do.
    """
    started = time.monotonic()
    talk = _run(
        directory / "simulate.py", directory / "sgd_flights_dev.jsonl", "-n", conversations,
        "--failures", failures / "conversations.jsonl", url=url,
    )  # fmt: skip
    acts = _run(
        directory / "acts.py", directory / "sgd_flights_dev.jsonl", "-n", sentences,
        "--oos", directory / "oos_dev.txt", "--errors", failures / "acts.jsonl", url=url,
    )  # fmt: skip
    clinc = _run(
        directory / "acts.py", directory / "clinc_dev.jsonl", "-n", 1300,
        "--errors", failures / "clinc.jsonl", url=url,
    )  # fmt: skip
    refused = _refused(failures / "acts.jsonl") + _refused(failures / "clinc.jsonl")
    return {
        **{key: talk[key] for key in ("slot_accuracy", "booked", "repairs", "errors", "messages")},
        "acts_accuracy": acts["accuracy"],
        "clinc_accuracy": clinc["accuracy"],
        "out_of_scope_refused": acts["out_of_scope_refused"],
        "in_scope_refused": round(refused / max(1, acts["sentences"] + clinc["sentences"]), 4),
        "seconds": round(time.monotonic() - started, 1),
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
