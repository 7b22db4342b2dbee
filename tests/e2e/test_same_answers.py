"""The quick engine answers as Rasa's own components do: the same model, loaded both ways, asked the same."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data

from skycap.engine import graph
from skycap.engine.trackers import QuickTracker
from skycap.settings import ROOT

MODEL = ROOT / "models" / "skycap.tar.gz"
TOLERANCE = 1e-5
pytestmark = pytest.mark.filterwarnings("ignore")  # what TensorFlow and Rasa say about themselves


@pytest.fixture(scope="module")
def stock():
    _, metadata, runner = MessageProcessor._load_model(MODEL)
    return metadata, runner


@pytest.fixture(scope="module")
def ours():
    return graph.load(MODEL)


def parse(engine, text: str) -> dict:
    metadata, runner = engine
    results = runner.run(inputs={PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[metadata.nlu_target])
    return results[metadata.nlu_target][0].as_dict(only_output_properties=True)


def predict(engine, tracker: DialogueStateTracker):
    metadata, runner = engine
    return runner.run(inputs={PLACEHOLDER_TRACKER: tracker}, targets=[metadata.core_target])[metadata.core_target]


def teds(engine):
    nodes = engine[1]._instantiated_nodes
    (name,) = [name for name in nodes if "TEDPolicy" in name and "run" in name]
    return nodes[name]._component


def test_sentences_are_understood_the_same(stock, ours):
    sentences = [each.get(TEXT) for each in load_data(str(ROOT / "tests" / "nlu")).intent_examples][
        ::10
    ]  # any language
    assert len(sentences) > 50
    for sentence in sentences:
        a, b = parse(stock, sentence), parse(ours, sentence)
        assert a["intent"]["name"] == b["intent"]["name"], sentence
        assert a["intent"]["confidence"] == pytest.approx(b["intent"]["confidence"], abs=TOLERANCE)
        assert [(e["entity"], e["start"], e["end"], e.get("role")) for e in a["entities"]] == [
            (e["entity"], e["start"], e["end"], e.get("role")) for e in b["entities"]
        ]
        assert (
            a["response_selector"]["default"]["response"]["intent_response_key"]
            == (b["response_selector"]["default"]["response"]["intent_response_key"])
        )


@pytest.mark.parametrize("intent", ["greet", "search_flights", "faq", "thank", "stop", "affirm", "cancel_booking"])
def test_the_next_action_is_predicted_the_same(stock, ours, intent):
    domain = stock[0].domain
    events = [ActionExecuted("action_listen"), UserUttered("…", {"name": intent, "confidence": 1.0})]
    tracker = DialogueStateTracker.from_events("somebody", events, domain.slots, domain=domain)
    a, b = predict(stock, tracker), predict(ours, tracker)
    assert a.policy_name == b.policy_name
    assert a.probabilities == pytest.approx(b.probabilities, abs=TOLERANCE)


def test_ted_itself_predicts_the_same(stock, ours):
    """Rules decide the cases above; here TED is asked alone."""
    domain = stock[0].domain
    events = [ActionExecuted("action_listen"), UserUttered("…", {"name": "search_flights", "confidence": 1.0})]
    tracker = DialogueStateTracker.from_events("somebody", events, domain.slots, domain=domain)
    a, b = (teds(engine).predict_action_probabilities(tracker, domain) for engine in (stock, ours))
    assert max(a.probabilities) > 0
    assert a.probabilities == pytest.approx(b.probabilities, abs=TOLERANCE)


def test_the_next_action_is_predicted_the_same_whatever_happened(stock, ours):
    """Walks at random over all intents, actions, slots and the form; what no rule decides TED is asked alone, too."""
    domain, random, certain = stock[0].domain, Random(20261122), Counter()
    for _ in range(25):
        theirs, mine = (DialogueStateTracker("somebody", domain.slots) for _ in range(2))
        mine = QuickTracker.of(mine)
        for event in something_happens(domain, random):
            theirs.update(copy.deepcopy(event), domain)
            mine.update(event, domain)
            if not isinstance(event, (UserUttered, ActionExecuted, ActionExecutionRejected)):
                continue
            a, b = predict(stock, theirs), predict(ours, mine)
            assert (a.policy_name, a.hide_rule_turn, a.is_no_user_prediction) == (
                b.policy_name,
                b.hide_rule_turn,
                b.is_no_user_prediction,
            )
            assert a.probabilities == pytest.approx(b.probabilities, abs=TOLERANCE)
            assert list(map(str, a.events)) == list(map(str, b.events))
            certain[a.max_confidence == 1.0] += 1
            if a.max_confidence < 1.0:
                a, b = (teds(engine).predict_action_probabilities(theirs, domain) for engine in (stock, ours))
                assert a.probabilities == pytest.approx(b.probabilities, abs=TOLERANCE)
    assert min(certain[True], certain[False]) > 20, certain


def something_happens(domain: Domain, random: Random) -> Iterator[Event]:
    yield from (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"))
    for _ in range(random.randrange(5, 20)):
        intent, slot = {"name": random.choice(domain.intents), "confidence": 1.0}, random.choice(domain.slots).name
        choices = [
            [ActionExecuted("action_listen"), UserUttered("…", intent)],
            [ActionExecuted(random.choice(domain.action_names_or_texts), hide_rule_turn=random.random() < 0.5)],
            [ActionExecuted("booking_form"), ActiveLoop("booking_form")],
            [ActionExecutionRejected("booking_form")],
            [SlotSet(slot, random.choice((None, True, "any")))],
            [ActiveLoop(None)],
        ]
        yield from random.choices(choices, (6, 4, 2, 1, 2, 1))[0]
