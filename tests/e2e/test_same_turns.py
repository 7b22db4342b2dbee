"""Whole turns of the quick engine against Rasa's own: the same replies, slots, actions and events, confidences alike.

Both sides are the server's agent with the same model, actions and wordings; one has Rasa's processor, graph, tracker,
form and actions under it, the other has the engine's in their place.
"""

from __future__ import annotations

import json
from itertools import islice

import pytest
from rasa.core.processor import MessageProcessor

from benchmarks.bench_replies import REFERENCE, SIGNATURE
from benchmarks.bench_talks import Writer
from skycap.engine.processor import QuickProcessor
from skycap.serving import agent
from skycap.settings import ROOT
from tests.conversations.script import read_script
from tests.conversations.stage import Stage

MODEL = ROOT / "models" / "skycap.tar.gz"
TOLERANCE = 1e-3
pytestmark = pytest.mark.filterwarnings("ignore")  # what TensorFlow and Rasa say about themselves
TALKS = [list(Writer(seed).talk().messages) for seed in range(8)]
# Of every file of conversations a few: digressions, corrections, what is not understood, a person.
SCRIPTS = [
    [turn.user for turn in conversation.turns]
    for file in sorted((ROOT / "tests" / "conversations").glob("test_*.yml"))
    for conversation in islice(read_script(file), 0, None, 6)
    if all(turn.user and not turn.sender for turn in conversation.turns) and not conversation.booked
]


@pytest.fixture(scope="module")
def ours():
    stage = Stage(MODEL)
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def stock():
    """The server's agent again, each method of the quick processor undone."""
    undone = {name: each for name, each in vars(MessageProcessor).items() if name in vars(QuickProcessor)}
    rasas = type("RasasProcessor", (QuickProcessor,), {k: v for k, v in undone.items() if not k.startswith("__")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent, "SkycapProcessor", type("StockProcessor", (agent.SkycapProcessor, rasas), {}))
        stage = Stage(MODEL)
    assert type(stage.agent.processor.graph_runner).__name__ == "DaskGraphRunner"
    yield stage
    stage.close()


def held(stage: Stage, messages: list[str]) -> list[dict]:
    """What the conversation left behind after each message, without what is drawn by lot or by the clock."""
    turns = []
    with stage.dialogue() as dialogue:
        for text in messages:
            replies = dialogue.say(text)
            tracker = stage.run(stage.agent.tracker_store.retrieve(dialogue.sender))
            events = [event.as_dict() for event in tracker.events]
            turns.append({"replies": replies, "slots": dialogue.slots, "events": [plain(each) for each in events]})
    written = json.dumps(turns, sort_keys=True).replace(dialogue.first_sender, "somebody")
    return json.loads(REFERENCE.sub("REFERENCE", SIGNATURE.sub("", written)))


def plain(event: dict) -> dict:
    event.pop("timestamp")
    event.get("metadata", {}).pop("model_id", None)
    if event["event"] == "user":
        assert event["parse_data"].pop("message_id") == event.pop("message_id")
    return event


def differences(a: object, b: object, where: str = "") -> list[str]:
    """What is not equal, with its place; numbers may differ by the tolerance."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return [each for key in a for each in differences(a[key], b[key], f"{where}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [each for index in range(len(a)) for each in differences(a[index], b[index], f"{where}[{index}]")]
    numbers = isinstance(a, float) and isinstance(b, float)
    same = a == pytest.approx(b, abs=TOLERANCE) if numbers else a == b
    return [] if same else [f"{where}: {a} instead of {b}"]


@pytest.mark.parametrize("messages", TALKS + SCRIPTS, ids=lambda messages: messages[0][:40])
def test_turns_are_the_same(ours, stock, messages):
    for text, a, b in zip(messages, held(ours, messages), held(stock, messages), strict=True):
        assert differences(a, b) == [], f"after {text!r}"
