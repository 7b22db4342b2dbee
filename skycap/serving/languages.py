"""Which language a conversation is in: settled before a message is understood, answered at once where that is all.

Level 3. `Languages` belongs to the processor. It puts `language` (what `skycap.languages.decide` says) into a message's
metadata: the pipeline is chosen by it, action_extract_details sets the slot, and the next message finds there what the
conversation was before. A mere wish for a language, and one that we do not speak, are a turn of their own: nothing is
understood, no slot changes but `language`, and a form asks its question again.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.cleaning import leave_out, say_otherwise
from skycap.data import LANGUAGE
from skycap.languages import Conversation, Guess, decide, guess, hinted, meanings, name_of
from skycap.page import words

if TYPE_CHECKING:
    from skycap.serving.agent import SkycapProcessor

UNKNOWN, CHANGED = "utter_language_unknown", "utter_language_changed"
PERSONS, PLACES, MOST_NAMES = (
    {"passenger_name", "trip_last_name"},
    {"origin", "destination", "place_choice"},
    4,
)  # words
SMALL_TALK = {"name": "chitchat", "confidence": 1.0}
MOST_KEPT = 2_000  # conversations whose language is known without their tracker: those heard last


class Languages:
    """The languages of the conversations of one processor."""

    def __init__(self, processor: SkycapProcessor) -> None:
        self._processor = processor
        self._last: OrderedDict[str, str] = OrderedDict()
        guess("Hello", self.codes)  # reads all it needs, before processes are forked and before anybody waits

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The languages that the model understands, the default first."""
        metadata = self._processor.model_metadata
        pipelines = [node.config.get("pipelines") for node in metadata.predict_schema.nodes.values()]
        known = [code for each in pipelines for code in each or ()]
        return tuple(dict.fromkeys([metadata.language or "en", *known]))

    def hear(self, message: UserMessage, tracker: DialogueStateTracker | None) -> dict[str, Any] | None:
        """Put the language into the metadata; returns what the message is understood as where it says no more."""
        emoji = getattr(message, "emoji", ())
        found = guess(leave_out(message.text or "", emoji), self.codes)
        if tracker is not None and is_a_name(found, message.text or "", tracker):
            found = Guess()
        language = decide(found, self._before(message, tracker))
        if tracker is not None:
            self._keep(tracker.sender_id, language["reply"])
            if found.foreign:
                language["answer"] = {"response": UNKNOWN, "of": found.foreign}
            elif found.only_wish:
                language["answer"] = {"response": CHANGED, "of": found.wish}
        message.metadata = {**(message.metadata or {}), LANGUAGE: language}
        if emoji and message.text:
            message.text = say_otherwise(message.text, emoji, meanings(language["spoken"]))
        if "answer" not in language:
            return None
        return {"text": message.text, "intent": SMALL_TALK, "entities": [], LANGUAGE: language}

    async def answer(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> bool:
        """Answer a message that was about its language alone; returns whether it was."""
        answer = answer_of(tracker)
        if answer is None:
            return False
        processor, reply = self._processor, tracker.get_slot(LANGUAGE) or self.codes[0]
        known = format_list([name_of(code, reply) for code in self.codes], locale=reply)
        names = {"language": name_of(answer["of"], reply), "known": known}
        tracker.update(ActionExecuted(answer["response"]), processor.domain)
        await processor.say(answer["response"], output_channel, tracker, names)
        if loop := tracker.active_loop_name:
            prediction = PolicyPrediction.for_action_name(processor.domain, loop)
            await processor._run_action(processor._get_action(loop), tracker, output_channel, processor.nlg, prediction)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)
        return True

    def turn_to(self, tracker: DialogueStateTracker) -> None:
        """Set the slot, where no action reads the message."""
        reply = language_of(tracker)["reply"]
        if reply != tracker.get_slot(LANGUAGE):
            tracker.update(SlotSet(LANGUAGE, reply), self._processor.domain)

    def reply(self, response: str, message: UserMessage) -> str:
        """The text of a response for a message that no turn came of."""
        responses = self._processor.domain.responses
        clear = guess(message.text, self.codes).clear if isinstance(message.text, str) else None
        reply = clear or self._last.get(message.sender_id) or self._hint(message)
        if not responses.get(response):
            return words(reply).unavailable
        variations = ResponseVariationFilter(responses).responses_for_utter_action(response, "", {LANGUAGE: reply})
        return (variations or responses[response])[0]["text"]

    def _before(self, message: UserMessage, tracker: DialogueStateTracker | None) -> Conversation:
        """The conversation as the last message left it; at its beginning, what the channel hints at."""
        events = reversed(tracker.events) if tracker is not None else ()
        for event in events:
            language = (event.metadata or {}).get(LANGUAGE) if isinstance(event, UserUttered) else None
            if isinstance(language, dict) and language.get("home") in self.codes:
                return Conversation(language["home"], language.get("said"))
        return Conversation(self._hint(message))

    def _hint(self, message: UserMessage) -> str:
        locale = (message.metadata or {}).get("locale")
        return hinted([locale if isinstance(locale, str) else None], self.codes) or self.codes[0]

    def _keep(self, conversation: str, reply: str) -> None:
        self._last[conversation] = reply
        self._last.move_to_end(conversation)
        if len(self._last) > MOST_KEPT:
            self._last.popitem(last=False)


def is_a_name(found: Guess, text: str, tracker: DialogueStateTracker) -> bool:
    """Whether what sounds like a language is a name that was asked for: "jean claude dubois" is no French."""
    asked = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
    if found.wish or found.certain or len(text.split()) > MOST_NAMES:
        return False
    return asked in PERSONS or (asked in PLACES and found.foreign is not None)


def language_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What is known of the last message's language."""
    language = (tracker.latest_message.metadata or {}).get(LANGUAGE) if tracker.latest_message else None
    return language if isinstance(language, dict) else {}


def answer_of(tracker: DialogueStateTracker) -> dict[str, str] | None:
    """The response that a message gets which is about its language alone."""
    return language_of(tracker).get("answer")
