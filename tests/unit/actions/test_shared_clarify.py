"""What is said when nothing was understood: first that, then how, then who else can help."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import SkycapAction
from actions.shared_clarify import ActionClarify, ActionDefaultFallback


def said(action: SkycapAction, intent: str, **slots: object) -> list[str]:
    message = {"text": "fnord", "intent": {"name": intent}, "entities": []}
    tracker = Tracker("ann", slots, message, [], False, None, {"name": "booking_form"}, "action_listen")
    dispatcher = CollectingDispatcher()
    action.run(dispatcher, tracker, {})
    return [each["response"] for each in dispatcher.messages]


@pytest.mark.parametrize(
    ("failed", "intent", "expected"),
    [
        (1, "nlu_fallback", ["utter_not_understood"]),
        (1, "out_of_scope", ["utter_out_of_scope"]),
        (2, "out_of_scope", ["utter_not_understood_again", "utter_explain_origin"]),
        (2, "affirm", ["utter_not_understood_again", "utter_explain_origin"]),
        (3, "inform", ["utter_offer_person"]),
        (7, "nlu_fallback", ["utter_offer_person"]),
    ],
)
def test_the_reply_follows_the_count_whatever_the_intent(failed: int, intent: str, expected: list[str]) -> None:
    assert said(ActionClarify(), intent, failed_answers=failed, requested_slot="origin") == expected


@pytest.mark.parametrize(("intent", "expected"), [("nlu_fallback", "utter_offer_person"), ("greet", "utter_default")])
def test_the_last_stage_outside_a_booking_offers_a_person(intent: str, expected: str) -> None:
    assert said(ActionDefaultFallback(), intent) == [expected]
