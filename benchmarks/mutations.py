"""Faults put into copies of the project on purpose: `python -m benchmarks.mutations`, or `make mutations`.

For each entry of mutations.yml: a temporary copy of the tree gets the fault, the conversation tests of that behaviour
run in it, and whether any fails is recorded. The same tests must pass in a copy without a fault first. Prints a table
and ends with one line of JSON; the exit status is 1 when fewer than nine in ten faults are noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from skycap.settings import ROOT

LIST = Path(__file__).with_name("mutations.yml")
TESTS = "tests/conversations"
MODEL = "models/skycap.tar.gz"
# What a copy needs; the model is linked, the cache of the training copied where one takes place.
COPIED = ("actions", "benchmarks", "data", "flights", "languages", "skycap", "tests", "config.yml", "domain.yml",
          "endpoints.yml", "credentials.yml", "pyproject.toml")  # fmt: skip
ENOUGH = 0.9
FAILED, PASSED = 1, 0  # pytest's exit statuses; all others mean that the tests did not run
SECONDS = 900


class BadMutation(ValueError):
    """An entry that cannot be applied; the message names it and says what to correct."""


@dataclass(frozen=True)
class Mutation:
    """One fault. `before` stands exactly once in `file`; `tests` are files or node ids below tests/conversations."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
    train: bool = False

    def apply(self, tree: Path) -> None:
        """Put the fault into the tree. Raises BadMutation when the text does not stand there exactly once."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        if (times := text.count(self.before)) != 1:
            raise BadMutation(f"{self.name}: its text stands {times} times in {self.file}. Bring the entry up to date.")
        path.write_text(text.replace(self.before, self.after), encoding="utf-8")


def read_mutations(path: Path = LIST) -> list[Mutation]:
    """The entries of the list, each proven to apply to this tree. Raises BadMutation."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["mutations"]
    mutations = [Mutation(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
    for each in mutations:
        if not each.tests or each.before == each.after:
            raise BadMutation(f"{each.name}: it needs tests, and a change.")
        for test in each.tests:
            if not (ROOT / TESTS / test.split("::")[0]).is_file():
                raise BadMutation(f"{each.name}: there is no {TESTS}/{test.split('::')[0]}.")
    return mutations


def copy_of(tree: Path, target: Path, *, train: bool) -> None:
    """A copy of the project that can run its conversation tests, and train when `train`."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        source = tree / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy(source, target / name)
    (target / "models").mkdir()
    (target / "var").mkdir()
    if not train:
        (target / MODEL).symlink_to(tree / MODEL)
        return
    if (tree / ".rasa").is_dir():
        shutil.copytree(tree / ".rasa", target / ".rasa")
    # Rules and forms decide all that the list breaks; one pass over the stories is enough for the rest.
    config = yaml.safe_load((target / "config.yml").read_text(encoding="utf-8"))
    for policy in config["policies"]:
        if policy["name"] == "TEDPolicy":
            policy["epochs"] = 1
    (target / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def run(arguments: Sequence[str], tree: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python module in the copy, with the copy's packages before the installed ones."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYCAP_")}
    environment |= {"PYTHONPATH": str(tree), "RASA_TELEMETRY_ENABLED": "false", "PYTHONDONTWRITEBYTECODE": "1",
                    "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}  # fmt: skip
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=SECONDS)


def outcome(tree: Path, tests: Sequence[str], *, train: bool, until_first: bool) -> tuple[bool, str]:
    """Whether the tests pass in the tree, and what pytest says last. Raises BadMutation when they cannot run."""
    if train:
        trained = run(("rasa", "train", "--fixed-model-name", "skycap"), tree)
        if trained.returncode:
            return False, "the training refuses it"
    options = ["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", *(["-x"] if until_first else [])]
    ran = run(("pytest", *options, *(f"{TESTS}/{test}" for test in tests)), tree)
    lines = [line for line in ran.stdout.splitlines() if line.strip()]
    failed = [line.split("::", 1)[1] for line in lines if line.startswith("FAILED")]
    if ran.returncode not in (PASSED, FAILED):
        raise BadMutation(
            f"The tests did not run (status {ran.returncode}):\n{ran.stdout[-2000:]}\n{ran.stderr[-500:]}"
        )
    return ran.returncode == PASSED, ", ".join(failed) if failed else lines[-1]


def sound(mutations: Sequence[Mutation], *, train: bool) -> str | None:
    """What fails without any fault, None when nothing does: a test that fails anyway notices nothing."""
    tests = sorted({test for each in mutations for test in each.tests if each.train == train})
    if not tests:
        return None
    with tempfile.TemporaryDirectory(prefix="skycap-mutation-") as folder:
        copy_of(ROOT, Path(folder), train=train)
        passes, said = outcome(Path(folder), tests, train=train, until_first=False)
    return None if passes else said


def results(mutations: Sequence[Mutation]) -> Iterator[tuple[Mutation, bool, str, float]]:
    """Each fault, whether it was noticed, by which test, and the seconds it took."""
    for each in mutations:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="skycap-mutation-") as folder:
            copy_of(ROOT, Path(folder), train=each.train)
            each.apply(Path(folder))
            passes, said = outcome(Path(folder), each.tests, train=each.train, until_first=True)
        yield each, not passes, "" if passes else said, time.monotonic() - started


def main(arguments: Sequence[str] | None = None) -> int:
    """Apply the faults one after the other; returns the exit status."""
    parser = argparse.ArgumentParser(description="Put faults into copies of the project and see which tests notice.")
    parser.add_argument("-k", default="", help="only faults whose name or file contains this")
    parser.add_argument("--without-training", action="store_true", help="leave out the faults that need a training")
    parser.add_argument("--just-tested", action="store_true", help="do not run the tests without a fault first")
    chosen = parser.parse_args(arguments)
    mutations = [each for each in read_mutations() if chosen.k in f"{each.name} {each.file}"]
    if chosen.without_training:
        mutations = [each for each in mutations if not each.train]
    with tempfile.TemporaryDirectory(prefix="skycap-mutation-") as folder:  # all of them apply, before any is run
        for each in mutations:
            target = Path(folder) / each.file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / each.file, target)
            each.apply(Path(folder))
    for train in () if chosen.just_tested else (False, True):
        if said := sound(mutations, train=train):
            print(f"Tests fail without any fault, so they cannot notice one. Mend first: {said}", file=sys.stderr)
            return 1
    caught = 0
    for each, noticed, by, seconds in results(mutations):
        caught += noticed
        print(f"{'caught' if noticed else 'MISSED':7} {each.name:72} {by[:70]:70} {seconds:5.0f} s", flush=True)
    share = caught / max(1, len(mutations))
    print(json.dumps({"mutations": len(mutations), "caught": caught, "share": round(share, 4)}))
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
