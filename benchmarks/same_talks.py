"""The conversations that `make same-answers` holds on both sides, by their number.

Of ten, four are the talks of `make bench`, three are random walks (benchmarks/fuzz_sentences.py), two are dialogues of
`make eval`'s people where its folder is present, one is a script of tests/conversations while there is one left. A
conversation depends on its seed and number alone. Walks and people react to what Skycap asks; what they said to ours is
then said to stock.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.bench_talks import TODAY, Writer
from benchmarks.engines import Performance, Step
from benchmarks.evaluate import TODAY as EVAL_TODAY
from benchmarks.fuzz import DAYS
from benchmarks.fuzz_sentences import next_move
from skycap.settings import ROOT
from tests.conversations.script import Conversation, read_script
from tests.conversations.stage import Stage
from tests.conversations.traveller import OPENING

SCRIPTS = ROOT / "tests" / "conversations"
KINDS = ("talk", "walk", "people", "talk", "script", "walk", "talk", "people", "walk", "talk")
MOST_MESSAGES = 20


@dataclass(frozen=True)
class Held:
    """A conversation that ours has held: what was done, what each turn left behind, and how to begin it again."""

    kind: str
    steps: list[Step]
    turns: list[dict[str, Any]]
    today: date
    booked: Mapping[str, Any] | None = None


class Conversations:
    """All conversations of a seed."""

    def __init__(self, seed: int, people: Path) -> None:
        """`people` is the folder with simulate.py and its dialogues, which may be missing."""
        self.seed, self.people = seed, people

    def kind(self, number: int) -> str:
        """Where conversation `number` is from."""
        kind, turn = KINDS[number % len(KINDS)], number // len(KINDS)
        if kind == "people" and not self._dialogues:
            return "walk"
        return "talk" if kind == "script" and turn >= len(self._scripts) else kind

    def hold(self, number: int, stage: Stage) -> Held:
        """Hold conversation `number` on this stage."""
        kind, random = self.kind(number), Random(f"{self.seed} {number}")
        script = self._scripts[number // len(KINDS)] if kind == "script" else None
        today = {"talk": TODAY, "people": date.fromisoformat(EVAL_TODAY), "walk": DAYS[number % len(DAYS)]}.get(kind)
        today, booked = (script.today, script.booked) if script else (today, None)
        with stage.dialogue(today, booked) as dialogue:
            performance = Performance(stage, dialogue)
            if script:
                for turn in script.turns:
                    kind_of_step, text = ("press", turn.press) if turn.press is not None else ("say", turn.user or "")
                    performance.take(Step(kind_of_step, text, turn.sender))
            elif kind == "talk":
                for text in Writer(random.randrange(2**32)).talk().messages:
                    performance.take(Step("say", text))
            elif kind == "walk":
                self._walk(performance, random)
            else:
                self._simulate(performance, random)
        return Held(kind, performance.steps, performance.turns, today, booked)

    def _walk(self, performance: Performance, random: Random) -> None:
        dialogue = performance.dialogue
        if random.random() < 0.5:
            performance.take(Step("say", OPENING))  # further into a booking than chance leads
        for _ in range(random.randint(4, 14)):
            titles = [button["title"] for button in dialogue.buttons() if button.get("title")]
            kind, text = next_move(random, dialogue.slots, titles)
            performance.take(Step({"wait": "wait", "button": "press"}.get(kind, "say"), text))

    def _simulate(self, performance: Performance, random: Random) -> None:
        """One of the data set's people, who say what they said when they are asked for it."""
        row, goals = random.choice(self._dialogues), self._simulator.GOAL_SLOTS

        class Person(self._simulator.Traveller):
            def say(self, text: str, informed: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
                performance.take(Step("say", text))
                self.sent += 1
                self.goal.update({slot: value for slot, value in (informed or {}).items() if slot in goals})
                return performance.dialogue.replies, performance.dialogue.slots

        Person("http://nowhere", row).run(limit=MOST_MESSAGES)

    @cached_property
    def _scripts(self) -> list[Conversation]:
        files = sorted(SCRIPTS.glob("test_*.yml"))
        return [each for file in files for each in read_script(file)]

    @cached_property
    def _dialogues(self) -> list[dict[str, Any]]:
        file = self.people / "sgd_flights_dev.jsonl"
        if not (file.is_file() and (self.people / "simulate.py").is_file()):
            return []
        rows = map(json.loads, file.read_text().splitlines())
        return [each for each in rows if each["single"] and each["turns"] and each["turns"][0]["only_flights"]]

    @cached_property
    def _simulator(self) -> Any:
        found = importlib.util.spec_from_file_location("simulate", self.people / "simulate.py")
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module
