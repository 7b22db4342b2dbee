"""The quick components over Rasa's: which has one, and what can be held against Rasa's without a trained model."""

from __future__ import annotations

from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.nlu.selectors.response_selector import ResponseSelector

from skycap.engine.networks import quick
from skycap.nlu.joint import JointIntentClassifier


def test_components_with_a_network_keep_their_name_and_kind():
    for component in (DIETClassifier, JointIntentClassifier, ResponseSelector, TEDPolicy):
        assert issubclass(quick(component), component)
        assert quick(component) is not component
        assert quick(component).__name__ == component.__name__  # Rasa names the files of a component after its class
    assert quick(RulePolicy) is RulePolicy


def test_the_reply_of_a_label_is_the_one_that_rasa_finds():
    selector = object.__new__(quick(ResponseSelector))
    selector.responses = {
        "utter_faq/liquids": [{"text": "Up to 100 ml each."}, {"image": "bottle.png"}],
        "utter_chitchat/joke": [{"text": "No."}],
    }
    for name in ("faq/liquids", "chitchat/joke", "No.", "Up to 100 ml each.", "faq/unknown", None, "faq/liquids"):
        expected = ResponseSelector._resolve_intent_response_key(selector, {"name": name})
        assert selector._resolve_intent_response_key({"name": name}) == expected
        assert selector._resolve_intent_response_key({"name": name}) == expected
