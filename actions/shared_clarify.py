"""What was not understood: say so, then explain, then offer a person; outside a booking ask what was meant.

One count for the whole booking, `failed_answers`, kept by `action_extract_details`; an answer that brings something, or
a question that was answered, starts it anew.
"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import FALLBACKS, SkycapAction, language_of
from flights.phrases import phrase, phrases

EXPLAIN_FROM, OFFER_FROM = 2, 3


def help_along(tracker: Tracker, dispatcher: CollectingDispatcher, *, understood: bool = False) -> bool:
    """Explain by an example after the second failure in a row, from the third on offer a person and an end.

    `understood`: the answer was refused, which a remark has said. Returns whether anything was said.
    """
    failed, slot = int(tracker.get_slot("failed_answers") or 0), tracker.get_slot("requested_slot")
    if failed >= OFFER_FROM:
        dispatcher.utter_message(response="utter_offer_person")
        return True
    if failed >= EXPLAIN_FROM and slot:
        if not understood:
            dispatcher.utter_message(response="utter_not_understood_again")
        dispatcher.utter_message(response=f"utter_explain_{slot}")
        return True
    return False


class ActionClarify(SkycapAction):
    """Says that a message was not understood or is out of scope; in a booking the form then asks again."""

    def name(self) -> str:
        return "action_clarify"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        if help_along(tracker, dispatcher):
            return []
        if (tracker.latest_message.get("intent") or {}).get("name") == "out_of_scope":
            dispatcher.utter_message(response="utter_out_of_scope")
        else:
            dispatcher.utter_message(response="utter_not_understood")
        return []


def _meaning(intent: str, language: str) -> dict[str, str]:
    """What a traveller may have meant, as a button."""
    said = {"title": f"meanings.{intent}.title", "payload": f"meanings.{intent}.said"}
    return {kind: phrase(key, language) for kind, key in said.items()}


class ActionDefaultAskAffirmation(SkycapAction):
    """First stage of the two-stage fallback: offers what the traveller probably meant, as buttons."""

    def name(self) -> str:
        return "action_default_ask_affirmation"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        language = language_of(tracker.slots)
        ranking = [each.get("name") or "" for each in tracker.latest_message.get("intent_ranking") or ()]
        meanings = [_meaning(intent, language) for intent in ranking if f"meanings.{intent}.title" in phrases(language)]
        buttons: list[dict[str, str]] = []
        for button in meanings:
            if button not in buttons:
                buttons.append(button)
        buttons = [*buttons[:2], _meaning("something_else", language)]
        dispatcher.utter_message(response="utter_ask_meaning", buttons=buttons)
        return []


class ActionDefaultAskRephrase(SkycapAction):
    """Second stage of the two-stage fallback: asks for other words."""

    def name(self) -> str:
        return "action_default_ask_rephrase"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        dispatcher.utter_message(response="utter_ask_rephrase")
        return []


class ActionDefaultFallback(SkycapAction):
    """When nothing can be predicted: says so. Unlike Rasa's own it keeps the message and its details.

    Also the end of the two-stage fallback: then it offers a person.
    """

    def name(self) -> str:
        return "action_default_fallback"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        understood = (tracker.latest_message.get("intent") or {}).get("name") not in FALLBACKS
        dispatcher.utter_message(response="utter_default" if understood else "utter_offer_person")
        return [FollowupAction("action_listen")]
