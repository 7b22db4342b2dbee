"""The assistant twice in one process, by the quick engine and by Rasa's own components, and what differs between them.

Both are the server's agent with the same model, actions and wordings; one has Rasa's processor, graph, tracker, form
and actions under it, the other has the engine's in their place. Serves `make same-answers` and
tests/e2e/test_same_turns.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rasa.core.processor import MessageProcessor

from benchmarks.bench_load import APOLOGY
from benchmarks.bench_replies import REFERENCE, SIGNATURE
from skycap.engine.processor import QuickProcessor
from skycap.serving import agent
from tests.conversations.script import TODAY
from tests.conversations.stage import Dialogue, Stage, Unmet

TOLERANCE = 1e-3  # of a confidence


@dataclass(frozen=True)
class Step:
    """What a traveller does: `say` a text, `press` the button with a title, or `wait` so many minutes."""

    kind: str
    text: str
    sender: str | None = None  # of another conversation, as in tests/conversations/script.py


@dataclass(frozen=True)
class Difference:
    """A place in what a turn left behind, and what both have there."""

    place: str
    ours: Any
    stock: Any

    def __str__(self) -> str:
        return f"{self.place}: {_short(self.ours)} instead of {_short(self.stock)}"


def ours(model: Path) -> Stage:
    """The assistant as `skycap serve` runs it."""
    return Stage(model)


def stock(model: Path) -> Stage:
    """The server's agent with each method of the quick processor undone."""
    undone = {name: each for name, each in vars(MessageProcessor).items() if name in vars(QuickProcessor)}
    rasas = type("RasasProcessor", (QuickProcessor,), {k: v for k, v in undone.items() if not k.startswith("__")})
    loads = {"_load_model": vars(MessageProcessor)["_load_model"]}  # the server's looks for a loaded model first
    with patch.object(agent, "SkycapProcessor", type("StockProcessor", (agent.SkycapProcessor, rasas), loads)):
        stage = Stage(model)
    assert type(stage.agent.processor.graph_runner).__name__ == "DaskGraphRunner"
    return stage


class Performance:
    """One conversation on a stage: does steps and notes what each leaves behind."""

    def __init__(self, stage: Stage, dialogue: Dialogue) -> None:
        self.stage, self.dialogue = stage, dialogue
        self.steps: list[Step] = []
        self.turns: list[dict[str, Any]] = []

    def take(self, step: Step) -> None:
        """Do one step. A button that was not offered is noted like an answer."""
        self.steps.append(step)
        dialogue, problem = self.dialogue, None
        dialogue.sender = f"{dialogue.first_sender}-{step.sender}" if step.sender else dialogue.first_sender
        if step.kind == "wait":
            dialogue.wait(int(step.text))
            return
        try:
            dialogue.press(step.text) if step.kind == "press" else dialogue.say(step.text)
        except Unmet:
            problem = f"no button {step.text!r} was offered"
        self.turns.append(self._left_behind(problem))

    def _left_behind(self, problem: str | None) -> dict[str, Any]:
        """Replies, slots and the events of the turn, without what is drawn by lot or by the clock."""
        tracker = self.stage.run(self.stage.agent.tracker_store.retrieve(self.dialogue.sender))
        events = [event.as_dict() for event in tracker.events] if tracker else []
        last = max((place for place, event in enumerate(events) if event["event"] == "user"), default=0)
        turn = {
            "problem": problem,
            "replies": self.dialogue.replies,
            "slots": self.dialogue.slots,
            "active_loop": tracker.active_loop_name if tracker else None,
            "events": [_plain(event) for event in (events if len(self.turns) == 0 else events[last:])],
        }
        written = json.dumps(turn, sort_keys=True).replace(self.dialogue.first_sender, "somebody")
        return json.loads(REFERENCE.sub("REFERENCE", SIGNATURE.sub("", written)))


def perform(
    stage: Stage, steps: Sequence[Step], today: date = TODAY, booked: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """A conversation from its first step to its last; what each turn left behind."""
    with stage.dialogue(today, booked) as dialogue:
        performance = Performance(stage, dialogue)
        for step in steps:
            performance.take(step)
    return performance.turns


def differences(a: object, b: object, where: str = "") -> Iterator[Difference]:
    """What is not equal, with its place; numbers may differ by the tolerance."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        for key in a:
            yield from differences(a[key], b[key], f"{where}.{key}" if where else key)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, pair in enumerate(zip(a, b, strict=True)):
            yield from differences(*pair, f"{where}[{index}]")
    elif not (abs(a - b) <= TOLERANCE if isinstance(a, float) and isinstance(b, float) else a == b):
        yield Difference(where, a, b)


def apologises(turn: Mapping[str, Any]) -> bool:
    """Whether a turn ended in the reply to a failure of ours."""
    return any(APOLOGY in (reply.get("text") or "") for reply in turn["replies"])


def greatest_gap(a: object, b: object) -> float:
    """The greatest difference between two numbers at the same place."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b)
    if isinstance(a, dict) and isinstance(b, dict):
        return max((greatest_gap(a[key], b[key]) for key in a.keys() & b.keys()), default=0.0)
    if isinstance(a, list) and isinstance(b, list):
        return max((greatest_gap(*pair) for pair in zip(a, b, strict=False)), default=0.0)
    return 0.0


def _plain(event: dict[str, Any]) -> dict[str, Any]:
    event.pop("timestamp")
    event.get("metadata", {}).pop("model_id", None)
    if event["event"] == "user":
        event.pop("message_id", None)
        event["parse_data"].pop("message_id", None)
    return event


def _short(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict) and "event" in value[0]:
        value = [each.get("name") or each["event"] for each in value]
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
