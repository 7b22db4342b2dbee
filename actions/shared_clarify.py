"""What was not understood: say so, then explain, then offer a person; outside a booking ask what was meant.

One count for the whole booking, `failed_answers`, kept by `action_extract_details`; an answer that brings something, or
a question that was answered, starts it anew.
"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import FALLBACKS, SkycapAction

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


class ActionDefaultAskAffirmation(SkycapAction):
    """First stage of the two-stage fallback: offers what the traveller probably meant, as buttons."""

    MEANINGS = {
        "search_flights": ("find a flight", "I need a flight"),
        "inform": ("find a flight", "I need a flight"),
        "faq": ("ask about travelling", "I have a question about baggage"),
        "flight_status": ("know whether a flight is on time", "What is the status of my flight?"),
        "retrieve_booking": ("see your booking", "Show me my booking"),
        "change_booking": ("change your booking", "I want to change my booking"),
        "cancel_booking": ("cancel your booking", "Cancel my booking"),
        "handoff": ("talk to a person", "A person, please"),
        "help": ("know what I can do", "What can you do?"),
        "more_options": ("see other flights", "Show me other flights"),
        "ask_flight_detail": ("know more about a flight", "Which airport does it leave from?"),
        "erase_my_data": ("have your data erased", "Delete my data"),
        "export_my_data": ("see what I keep about you", "Show me my data"),
        "goodbye": ("end the conversation", "Goodbye"),
        "stop": ("stop", "Stop"),
    }

    def name(self) -> str:
        return "action_default_ask_affirmation"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        buttons: list[dict[str, str]] = []
        for each in tracker.latest_message.get("intent_ranking") or ():
            meaning = self.MEANINGS.get(each.get("name") or "")
            button = {"title": meaning[0].capitalize(), "payload": meaning[1]} if meaning else None
            if button and button not in buttons:
                buttons.append(button)
        buttons = [*buttons[:2], {"title": "Something else", "payload": "Something else"}]
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
