"""Rasa's message processor over the quick parts: tracker, actions, a cache of what was understood.

Under skycap/serving/agent.py, which adds what a server needs. What a message means depends on its text and its language
alone (no component of the pipeline reads the conversation), so a text that comes again is understood once.
"""

from __future__ import annotations

import pickle
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.data import LANGUAGE
from skycap.engine import graph
from skycap.engine.actions import action_named
from skycap.engine.trackers import QuickTracker
from skycap.kept import Kept, fingerprint

TEXTS = 2_500  # understood messages that are kept, about 2 KB each


class QuickProcessor(MessageProcessor):
    """A processor that answers as Rasa's, with less work."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._understood: Kept[bytes, bytes] = Kept(TEXTS)

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        archive = Path(model_path)
        return archive.name, *graph.load(archive)

    async def get_tracker(self, conversation_id: str) -> DialogueStateTracker:
        return QuickTracker.of(await super().get_tracker(conversation_id))

    @cached_property
    def _extraction(self) -> Action:
        return self._get_action(ACTION_EXTRACT_SLOTS)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        events = await self._extraction.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        if self.is_action_limit_reached(tracker, self.should_predict_another_action(tracker.latest_action_name)):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._get_action(self.domain.action_names_or_texts[prediction.max_confidence_index]), prediction

    def _get_action(self, action_name: str) -> Action:
        return action_named(action_name, self.domain, self.action_endpoint)

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool = True
    ) -> dict[str, Any]:
        ask = super()._parse_message_with_graph

        def parse() -> dict[str, Any]:
            return ask(message, tracker, only_output_properties)

        if not only_output_properties:  # asked for by `/model/parse` alone, and depends on more than the text
            return parse()
        text, told = message.text or "", (message.metadata or {}).get(LANGUAGE)
        key = fingerprint(f"{told['spoken'] if told else ''} {text}")
        understood = self._understood.get(key, lambda: pickle.dumps(_without(text, parse())))
        return _with(text, pickle.loads(understood)) | ({LANGUAGE: told} if told else {})

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event] | None, prediction: PolicyPrediction
    ) -> None:
        """As Rasa's, without copying everything for the log first."""
        if not any(isinstance(event, ActionExecutionRejected) for event in events or ()):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events or [], self.domain)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """As Rasa's, without building an empty domain first, to see whether this one is."""
        known = self.domain and {*self.domain.intents, *self.domain.entities}
        if known and not known.issuperset(_features_of(parse_data)):
            super()._check_for_unseen_features(parse_data)  # warns

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: what a traveller told us is not logged, and need not be written down."""


def _features_of(parsed: dict[str, Any]) -> set[str]:
    """The names of intent and entities."""
    return {parsed["intent"]["name"], *(each["entity"] for each in parsed["entities"] or ())} - {None, ""}


def _without(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """What was understood, without the words: they stay in memory no longer than the turn."""
    entities = [dict(each) for each in parsed["entities"]]
    for each in entities:
        if each.get("value") == _words(text, each):
            del each["value"]
    return {**parsed, "text": None, "entities": entities}


def _with(text: str, understood: dict[str, Any]) -> dict[str, Any]:
    entities = [{"value": _words(text, each), **each} for each in understood["entities"]]
    return {**understood, "text": text, "entities": entities}


def _words(text: str, entity: dict[str, Any]) -> str:
    return text[entity.get("start") : entity.get("end")]
