"""Random walks through conversations with the real assistant: `python -m benchmarks.fuzz`, or `make fuzz`.

Each walk says what fuzz_sentences.py draws and checks after every turn that nothing failed, that there was an answer,
that replies do not go round in a circle, and that slots, offers, seats and bookings agree
(tests/conversations/audit.py). Then "stop" or "start over" must lead out and a straightforward booking succeed. Prints
the findings by kind, each with the command that repeats it, and ends with one line of JSON; the exit status is 1 when
there are findings.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from benchmarks.fuzz_sentences import next_move
from flights.trip import BOOKING, TRIP
from skycap.settings import ROOT
from tests.conversations import audit, traveller
from tests.conversations.script import TODAY

if TYPE_CHECKING:
    from tests.conversations.stage import Dialogue, Stage

SEED = 20261120
DAYS = (TODAY, TODAY + timedelta(days=2), date(2026, 12, 30), date(2027, 2, 26))
ANSWERS = {**traveller.ANSWERS, "departure_date": "in two weeks", "return_date": "a week later"}
REFUSED = ("an empty message", "too long for me", "only read text")  # nothing is stored of such a message
CIRCLE = 4  # replies in a row that are the same, to different messages
DIGITS = re.compile(r"\d+|[A-Z]{3}-\S+|'[^']*'")


@dataclass
class Finding:
    """Something that must not happen: its kind, and the turn after which it was seen."""

    kind: str
    fault: str
    number: int
    transcript: list[str] = field(repr=False)


class Failures(logging.Handler):
    """Collects what our code logs as errors: a designed reply may hide a failure from the traveller, not from us."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


class Walk:
    """One conversation: random moves, then the way out."""

    def __init__(self, dialogue: Dialogue, seed: int, number: int, failures: Failures) -> None:
        self.dialogue, self.number, self.failures = dialogue, number, failures
        self.random = random.Random(f"{seed} {number}")
        random.seed(f"{seed} {number} replies")
        numpy.random.seed(self.random.randrange(2**32))
        self.said: list[tuple[str, str]] = []  # messages and the whole answer to each
        self.buttons: list[str] = []

    def run(self) -> Iterator[Finding]:
        """Walk and leave; ends at the first turn with findings."""
        for _ in range(self.random.randint(4, 16)):
            kind, text = next_move(self.random, self.dialogue.slots, self.buttons)
            if kind == "wait":
                self.dialogue.wait(int(text))
                continue
            if found := list(self._say(text)):
                yield from found
                return
        yield from self._leave()

    def _say(self, text: str) -> Iterator[Finding]:
        self.failures.seen.clear()
        try:
            self.dialogue.say(text)
        except Exception as error:
            yield self._finding("exception", f"{type(error).__name__}: {error}")
            return
        answer = self.dialogue.text()
        self.said.append((text, answer))
        self.buttons = [*(each["payload"] for each in self.dialogue.buttons()), *self.buttons][:12]
        yield from self._faults(answer)

    def _faults(self, answer: str) -> Iterator[Finding]:
        from tests.conversations.stage import LAST_RESORTS, UNFILLED

        for each in self.failures.seen:
            yield self._finding("failure", each)
        if not self.dialogue.replies and not self.dialogue.paused:  # while a person answers Skycap is silent
            yield self._finding("silence", "no reply")
        if hit := UNFILLED.search(answer):
            yield self._finding("template", f"a reply shows {hit.group()!r}")
        for each in LAST_RESORTS:
            if each in answer and not self.failures.seen:
                yield self._finding("last resort", each)
        heard = [each for each in self.said[-CIRCLE:] if each[1] and not any(refusal in each[1] for refusal in REFUSED)]
        if len({each[0] for each in heard}) == CIRCLE and len({each[1] for each in heard}) == 1:
            yield self._finding("circle", answer[:80])
        for fault in audit.faults(self.dialogue):
            yield self._finding("disagreement", fault)

    def _leave(self) -> Iterator[Finding]:
        """From wherever it is: stop or start over, then book."""
        if self.dialogue.paused and (found := list(self._say("back to Skycap"))):
            yield from found
            return
        word = self.random.choice(("stop", "start over"))
        if self.dialogue.slots.get("my_trip") and word == "stop" and (found := list(self._say(word))):
            yield from found  # the first "stop" leaves the booking made before, the next one the trip
            return
        under_way = self.dialogue.slots.get("requested_slot")  # a finished booking is not forgotten
        for text in (word, traveller.OPENING) if word == "stop" else (word,):
            if found := list(self._say(text)):
                yield from found
                return
            slots = self.dialogue.slots
            if text == word and under_way and (kept := [name for name in (*TRIP, *BOOKING) if slots.get(name)]):
                yield self._finding("dead end", f"{text!r} forgets all but {kept}")
                return
        before = self.dialogue.bookings()
        for _ in range(traveller.PATIENCE):
            asked = traveller.answer(self.dialogue, ANSWERS)
            if asked is None or self.dialogue.bookings() > before:
                break
            self.said.append((asked, self.dialogue.text()))
            if found := list(self._faults(self.dialogue.text())):
                yield from found
                return
        if self.dialogue.bookings() != before + 1:
            yield self._finding("dead end", f"no booking after {word!r}")
        yield from (self._finding("disagreement", fault) for fault in audit.faults(self.dialogue))

    def _finding(self, kind: str, fault: str) -> Finding:
        return Finding(kind, fault, self.number, list(self.dialogue.transcript))


def walk(stage: Stage, seed: int, numbers: Sequence[int]) -> Iterator[tuple[list[Finding], Dialogue]]:
    """Hold the conversations with these numbers; yields each with its findings."""
    failures = Failures()
    ours = [logging.getLogger(name) for name in ("actions", "skycap", "flights")]
    for logger in ours:
        logger.addHandler(failures)
    try:
        for number in numbers:
            failures.seen.clear()
            with stage.dialogue(DAYS[number % len(DAYS)]) as dialogue:
                findings = list(Walk(dialogue, seed, number, failures).run())
                yield findings, dialogue
    finally:
        for logger in ours:
            logger.removeHandler(failures)


def report(findings: Sequence[Finding], seed: int, *, most: int = 3) -> str:
    """The findings by kind, most frequent first, each kind with the commands that repeat some of them."""
    kinds: dict[str, list[Finding]] = {}
    for each in findings:
        kinds.setdefault(f"{each.kind}: {DIGITS.sub('…', each.fault)[:110]}", []).append(each)
    lines = []
    for kind, same in sorted(kinds.items(), key=lambda each: -len(each[1])):
        lines.append(f"{len(same):5} {kind}")
        lines += [f"        python -m benchmarks.fuzz --seed {seed} --only {each.number}" for each in same[:most]]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the walks; returns the exit status."""
    parser = argparse.ArgumentParser(description="Random walks through conversations with the real assistant.")
    parser.add_argument("-n", type=int, default=2000, help="how many conversations to hold")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed makes other conversations")
    parser.add_argument("--only", type=int, help="repeat the conversation with this number and show it")
    parser.add_argument("--failures", type=Path, help="write the transcripts of all findings to this file")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "skycap.tar.gz")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # what TensorFlow and Rasa say about themselves
    from tests.conversations.stage import Stage

    stage = Stage(chosen.model)
    numbers = range(chosen.n) if chosen.only is None else [chosen.only]
    findings: list[Finding] = []
    turns, started = 0, time.monotonic()
    for held, (found, dialogue) in enumerate(walk(stage, chosen.seed, numbers), start=1):
        findings += found
        turns += traveller.messages(dialogue)
        for each in found:
            print(f"{each.number}: {each.kind}: {each.fault}"[:160], flush=True)
        if held % 100 == 0:
            print(f"{held} conversations, {turns} turns, {len(findings)} findings", flush=True)
    seconds = time.monotonic() - started
    if chosen.only is not None:
        print("\n".join(findings[0].transcript if findings else ["Nothing found."]))
    if findings:
        print(report(findings, chosen.seed))
    if chosen.failures:
        chosen.failures.write_text("\n\n".join(_written(each) for each in findings), encoding="utf-8")
    stage.close()
    print(json.dumps(summary(findings, len(numbers), turns, seconds, chosen.seed)))
    return 1 if findings else 0


def _written(finding: Finding) -> str:
    return "\n".join([f"=== {finding.number} {finding.kind}: {finding.fault}", *finding.transcript])


def summary(findings: Sequence[Finding], conversations: int, turns: int, seconds: float, seed: int) -> dict[str, Any]:
    """The numbers of the last line."""
    return {
        "conversations": conversations,
        "turns": turns,
        "findings": len(findings),
        "kinds": dict(Counter(each.kind for each in findings)),
        "turns_per_second": round(turns / max(seconds, 1e-9), 1),
        "seconds": round(seconds, 1),
        "seed": seed,
    }


if __name__ == "__main__":
    sys.exit(main())
