"""Hold conversations with the quick engine and with Rasa's own components: `make same-answers`.

Replies, slots, events (actions, policies, what was understood) must be the same after every message, confidences within
a thousandth. Says each conversation to ours, then what the traveller did there to stock; prints the differences by
kind, each with the command that repeats it, and ends with one line of JSON. The exit status is 1 when there are
differences. What was held is kept beside the pictures of `make bench`, so that an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from skycap.settings import ROOT

SEED = 20261126
MODEL = ROOT / "models" / "skycap.tar.gz"
KEPT = ROOT / "var" / "same-answers"
PEOPLE = ROOT.parent / "shared" / "eval"
PLACES = re.compile(r"\[\d+\]")


@dataclass
class Result:
    """One conversation: how many turns it has, and the first turn that differs with what differs in it."""

    number: int
    kind: str
    turns: int
    gap: float  # the greatest between two confidences
    broken: int = 0  # turns that both sides could do nothing but apologise for: they prove nothing
    turn: int | None = None
    said: str = ""
    different: list[str] = field(default_factory=list)


def compare(numbers: Sequence[int], conversations: Any, model: Path) -> Iterator[Result]:
    """Hold these conversations on both sides."""
    from benchmarks import engines  # imports TensorFlow: seconds

    ours, stock = engines.ours(model), engines.stock(model)
    try:
        for number in numbers:
            held = conversations.hold(number, ours)
            theirs = engines.perform(stock, held.steps, held.today, held.booked)
            said = [step.text for step in held.steps if step.kind != "wait"]
            result = Result(number, held.kind, len(said), engines.greatest_gap(held.turns, theirs))
            result.broken = sum(map(engines.apologises, held.turns))
            for turn, (a, b) in enumerate(zip(held.turns, theirs, strict=True)):
                if found := list(engines.differences(a, b)):
                    result.turn, result.said = turn, said[turn]
                    result.different = list(map(str, found))
                    break  # what follows goes its own way
            yield result
    finally:
        ours.close()
        stock.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; returns the exit status."""
    parser = argparse.ArgumentParser(description="Hold conversations with the quick engine and with Rasa's own parts.")
    parser.add_argument("people", type=Path, nargs="?", default=PEOPLE, help="the folder with simulate.py")
    parser.add_argument("-n", type=int, default=2000, help="how many conversations to hold (default 2000)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed makes other conversations")
    parser.add_argument("--only", type=int, help="repeat the conversation with this number and show it")
    parser.add_argument("--processes", type=int, default=1, help="share the conversations between so many")
    parser.add_argument("--shard", default="0/1", help="0/2: every second conversation (what --processes starts)")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--kept", type=Path, default=KEPT, help="folder of what was held before")
    chosen = parser.parse_args(arguments)
    kept = chosen.kept / fingerprint(chosen.seed, chosen.model)
    if chosen.processes > 1 and chosen.only is None:
        _start_shards(chosen)
    else:
        _hold(chosen, kept)
    wanted = range(chosen.n) if chosen.only is None else [chosen.only]
    results = [each for each in _read(kept) if each.number in wanted]
    if not chosen.shard.endswith("/1"):
        return 0
    print(report(results, chosen.seed))
    print(json.dumps(summary(results, chosen.seed)))
    return 1 if any(each.different or each.broken for each in results) or not results else 0


def _hold(chosen: argparse.Namespace, kept: Path) -> None:
    """Hold those of the shard that were not held before."""
    warnings.simplefilter("ignore")  # what TensorFlow and Rasa say about themselves
    from benchmarks.same_talks import Conversations

    shard, shards = map(int, chosen.shard.split("/"))
    before = {each.number for each in _read(kept)} if chosen.only is None else set()
    numbers = range(shard, chosen.n, shards) if chosen.only is None else [chosen.only]
    numbers = [each for each in numbers if each not in before]
    if not numbers:
        return
    kept.mkdir(parents=True, exist_ok=True)
    turns, different, started = 0, 0, time.monotonic()
    with (kept / f"{shard}-{shards}.jsonl").open("a", encoding="utf-8") as file:
        conversations = Conversations(chosen.seed, chosen.people)
        for held, result in enumerate(compare(numbers, conversations, chosen.model), start=1):
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
            file.flush()
            turns, different = turns + result.turns, different + bool(result.different)
            if result.different:
                print(f"{result.number}: after {result.said[:60]!r} {result.different[0]}"[:200], flush=True)
            if held % 50 == 0:
                rest = (time.monotonic() - started) / held * (len(numbers) - held) / 60
                print(
                    f"{held} conversations, {turns} turns, {different} different; {rest:.0f} minutes left", flush=True
                )


def _start_shards(chosen: argparse.Namespace) -> None:
    """Share the work between processes. Raises CalledProcessError when one of them failed."""
    command = [sys.executable, "-m", "benchmarks.same_answers", str(chosen.people), "-n", str(chosen.n)]
    command += ["--seed", str(chosen.seed), "--model", str(chosen.model), "--kept", str(chosen.kept)]
    shards = [
        subprocess.Popen([*command, "--shard", f"{each}/{chosen.processes}"], cwd=ROOT)
        for each in range(chosen.processes)
    ]
    for each in shards:
        if each.wait():
            raise subprocess.CalledProcessError(each.returncode, each.args)


def fingerprint(seed: int, model: Path) -> str:
    """What the results depend on: the seed, the model, the code."""
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True).stdout
    archive = hashlib.sha256(model.read_bytes()).hexdigest()
    return hashlib.sha256(f"{seed} {archive} {commit}".encode()).hexdigest()[:16]


def _read(kept: Path) -> list[Result]:
    """What was held before, by number; of a conversation that was held twice the later."""
    found: dict[int, Result] = {}
    for file in sorted(kept.glob("*.jsonl"), key=lambda each: each.stat().st_mtime):
        for line in file.read_text(encoding="utf-8").splitlines():
            result = Result(**json.loads(line))
            found[result.number] = result
    return [found[number] for number in sorted(found)]


def report(results: Sequence[Result], seed: int, *, most: int = 3) -> str:
    """The differences by kind, most frequent first, each kind with the commands that repeat some of them."""
    kinds: dict[str, list[Result]] = {}
    for each in results:
        if each.different:
            place = PLACES.sub("[…]", each.different[0].split(": ", 1)[0])
            kinds.setdefault(place, []).append(each)
    lines = []
    for kind, same in sorted(kinds.items(), key=lambda each: -len(each[1])):
        lines.append(f"{len(same):5} {kind}")
        for each in same[:most]:
            lines.append(f"        python -m benchmarks.same_answers --seed {seed} --only {each.number}")
            lines += [f"          turn {each.turn}, after {each.said[:80]!r}: {one}" for one in each.different[:4]]
    if broken := [each for each in results if each.broken]:
        turns = sum(each.broken for each in broken)
        lines.append(
            f"{turns:5} turns broke on both sides, first in conversation {broken[0].number}: they prove nothing."
        )
    return "\n".join(lines or ["There are no differences."])


def summary(results: Sequence[Result], seed: int) -> dict[str, Any]:
    """The numbers of the last line."""
    return {
        "conversations": len(results),
        "turns": sum(each.turns for each in results),
        "different": sum(bool(each.different) for each in results),
        "broken": sum(each.broken for each in results),
        "greatest_gap": max((each.gap for each in results if not each.different), default=0.0),
        "kinds": dict(Counter(each.kind for each in results)),
        "seed": seed,
    }


if __name__ == "__main__":
    sys.exit(main())
