"""A process with a loaded model may be forked: no threads, no TensorFlow running, and the child answers the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from skycap.settings import ROOT

PROGRAM = """
import json, os
from pathlib import Path
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from tensorflow.python.eager import context
from skycap.engine import graph

def parse(text):
    results = runner.run(inputs={PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[metadata.nlu_target])
    return results[metadata.nlu_target][0].as_dict(only_output_properties=True)["intent"]

def teds(intent):
    domain = metadata.domain
    events = [ActionExecuted("action_listen"), UserUttered("...", {"name": intent, "confidence": 1.0})]
    tracker = DialogueStateTracker.from_events("somebody", events, domain.slots, domain=domain)
    (name,) = [name for name in runner._instantiated_nodes if "TEDPolicy" in name and "run" in name]
    policy = runner._instantiated_nodes[name]._component
    return policy.predict_action_probabilities(tracker, domain).probabilities

def answers():
    return [parse("my children and I want to fly to Rome"), parse("is my bag included"), teds("search_flights")]

metadata, runner = graph.load(Path("models/skycap.tar.gz"))
loaded = len(list(Path("/proc/self/task").iterdir())), context.context()._initialized
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.write(writing, json.dumps(answers()).encode())
    os._exit(0)
os.waitpid(child, 0)
os.close(writing)
with open(reading) as pipe:
    print("RESULT", json.dumps({"loaded": loaded, "child": json.load(pipe), "parent": answers()}))
"""


def test_a_forked_process_answers_as_its_parent():
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    result = json.loads(line.removeprefix("RESULT"))
    assert result["loaded"] == [1, False], "threads, and whether TensorFlow has started"
    assert result["child"] == result["parent"]
    assert result["child"][0]["name"] == "search_flights"
