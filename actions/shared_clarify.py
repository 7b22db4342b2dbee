"""Answers that were not understood: say so, then explain, then offer a person.

One count for the whole booking, `failed_answers`, kept by `action_extract_details`; an answer that brings something, or
a question that was answered, starts it anew.
"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import SkycapAction

EXPLAIN_FROM, OFFER_FROM = 2, 3


def offer_a_person(failed: int, dispatcher: CollectingDispatcher) -> bool:
    """Offer a person and an end from the third failure in a row on; returns whether it was offered."""
    if failed >= OFFER_FROM:
        dispatcher.utter_message(response="utter_offer_person")
    return failed >= OFFER_FROM


class ActionClarify(SkycapAction):
    """Says that an answer was not understood, before the form asks again in other words."""

    def name(self) -> str:
        return "action_clarify"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        failed = int(tracker.get_slot("failed_answers") or 0)
        if offer_a_person(failed, dispatcher):
            return []
        slot = tracker.get_slot("requested_slot")
        if failed >= EXPLAIN_FROM and slot:
            dispatcher.utter_message(response="utter_not_understood_again")
            dispatcher.utter_message(response=f"utter_explain_{slot}")
        elif (tracker.latest_message.get("intent") or {}).get("name") == "out_of_scope":
            dispatcher.utter_message(response="utter_out_of_scope")
        else:
            dispatcher.utter_message(response="utter_not_understood")
        return []
