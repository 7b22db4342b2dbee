"""Rasa's agent, so that no turn ends in silence.

Subclasses Rasa's Agent and the engine's processor: every message is cleaned first; an action, policy or store that
fails, the prediction limit and a turn without any reply end in a designed one. While a person has taken over (the
tracker is paused) nothing is understood, filled or answered: skycap/serving/handoffs.py passes the words on.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from skycap.buttons import OldButton
from skycap.cleaning import cap_length, clean
from skycap.data import LANGUAGE
from skycap.engine.processor import QuickProcessor
from skycap.half_cards import HalfCards
from skycap.ingest import is_personal, received, shield, shield_data
from skycap.nlg import VariedResponses
from skycap.page import words
from skycap.privacy import mask
from skycap.serving.buttons import OLD_BUTTON, prove_current, read_press, sign_on
from skycap.serving.erasure import Erasures
from skycap.serving.handoffs import PausedConversations, is_answered
from skycap.serving.languages import Languages, answer_of
from skycap.serving.masking import guard, hide_person, reveal_on, unlogged, withhold
from skycap.serving.replies import held_back, safe_id, said_again, said_something
from skycap.serving.stores import CannotServe, open_locks, open_tracker_store
from skycap.serving.turns import Turns
from skycap.settings import settings
from skycap.state.backend import UnreadableConversation
from skycap.state.locks import MemoryLocks
from skycap.state.tracker_store import WindowTrackerStore
from skycap.vault import TOKEN, vault

logger = logging.getLogger(__name__)


class SkycapProcessor(QuickProcessor):
    """A processor whose turns always end in a reply."""

    loaded: ClassVar[dict[Path, tuple[Any, Any]]] = {}  # models, by skycap/serving/model.py

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, Any, Any]:
        archive = Path(model_path)
        known = SkycapProcessor.loaded.get(archive)
        return (archive.name, *known) if known else QuickProcessor._load_model(archive)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.paused = PausedConversations(self)
        self.erasures = Erasures(self)
        self.languages = Languages(self)
        self.turns = Turns()

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        async with self.turns.place():
            await prove_current(message, self.tracker_store)
            if await said_again(message, self.tracker_store):
                return getattr(message.output_channel, "messages", None)
            return await super().handle_message(message)

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
    ) -> None:
        """Start a new session after an hour of silence; unlike Rasa's it keeps the task as it keeps the slots."""
        if tracker.is_paused():  # a new session would end the pause behind the person's back
            return
        under_way = tracker.active_loop_name
        await super()._update_tracker_session(tracker, output_channel, metadata)
        if under_way and not tracker.active_loop_name:
            tracker.update(ActiveLoop(under_way), self.domain)

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        if tracker.is_paused():
            if not await self.paused.hear(message, tracker):
                return
            await self._update_tracker_session(tracker, message.output_channel, message.metadata)
        await super()._handle_message_with_tracker(message, tracker)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        if tracker.is_paused() or is_answered(tracker):
            return tracker
        if answer_of(tracker):
            self.languages.turn_to(tracker)
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    async def log_message(self, message: UserMessage, should_save_tracker: bool = True) -> DialogueStateTracker:
        await take_in(message)  # Rasa's HTTP API comes here without the agent
        return await super().log_message(message, should_save_tracker)

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        if not getattr(message, "taken_in", False):  # nobody but the asker hears of it: masked for good
            message.text = mask(clean(message.text).text)
        if answered := self.languages.hear(message, tracker):
            return answered
        masked, message.text = message.text, stand_in(message.text)
        try:
            parsed = await super().parse_message(message, tracker, only_output_properties)
        finally:
            message.text = masked
        tokens = [hit.span() for hit in TOKEN.finditer(masked or "")]
        kept = [
            each
            for each in parsed["entities"]
            if not any(each.get("start", 0) < end and start < each.get("end", 0) for start, end in tokens)
        ]
        return {**parsed, "text": masked, "entities": kept}

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        events = list(tracker.events)
        try:  # names are known now
            await asyncio.to_thread(hide_person, events, tracker.sender_id, vault())
        except (SQLAlchemyError, RedisError) as error:
            logger.error("the vault failed: %s", type(error).__name__)
            withhold(events)
        await super().save_tracker(tracker)
        await self.erasures.carry_out(tracker)

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        if tracker.is_paused() or is_answered(tracker):
            return
        try:
            if await self.languages.answer(output_channel, tracker):
                return
            await super()._run_prediction_loop(output_channel, tracker)
        except Exception as error:
            logger.error("a turn failed: %s", type(error).__name__, exc_info=logger.isEnabledFor(logging.DEBUG))
            await self.say("utter_trouble", output_channel, tracker)
        if not said_something(tracker):
            await self.say("utter_default", output_channel, tracker)
        if self._should_handle_message(tracker) and tracker.latest_action_name != ACTION_LISTEN_NAME:
            # After the prediction limit or a failure Rasa would go on from there with every later message.
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        self.erasures.note(tracker, output_channel)

    async def say(
        self,
        response: str,
        output_channel: OutputChannel,
        tracker: DialogueStateTracker,
        filled: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Send one of the domain's responses, its names `filled`, and put it on the tracker."""
        message = await self.nlg.generate(response, tracker, output_channel.name(), **(filled or {}))
        message = message or {"text": words(tracker.get_slot(LANGUAGE)).unavailable}
        event = BotUttered(
            message.get("text"), {"buttons": message.get("buttons")}, {"utter_action": response, **(metadata or {})}
        )
        tracker.update(event, self.domain)
        await output_channel.send_response(tracker.sender_id, event.message())


def stand_in(text: str | None) -> str | None:
    """The text with something of the same length for each token: the model was trained on addresses and numbers."""

    def like(token: re.Match[str]) -> str:
        pattern = "a@b.com" if token[1] in ("EMAIL", "HANDLE") else "+120255501"
        return (pattern * 3)[: len(token.group())] if token[1] != "EMAIL" else f"{'a' * (len(token.group()) - 6)}@b.com"

    return TOKEN.sub(like, text) if text else text


async def take_in(message: UserMessage, halves: HalfCards | None = None) -> str | None:
    """Clean and mask a message in place, once; returns the reply that refuses it, if it cannot be read."""
    if getattr(message, "taken_in", False):
        return None
    cleaned = received(message.text, message.sender_id, halves)
    text = cleaned.text
    if not cleaned.refusal and is_personal(text):  # only then is the vault asked, which may be slow
        text = await asyncio.to_thread(shield, text, message.sender_id, vault())
    message.text, message.emoji, message.taken_in = cap_length(text), cleaned.emoji, True
    message.metadata, message.message_id = shield_data(message.metadata), safe_id(message.message_id)
    return cleaned.refusal


class SkycapAgent(Agent):
    """An agent that cleans, masks, answers and fails in the open."""

    halves: ClassVar[HalfCards] = HalfCards()  # made on import: all workers share it

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        # Rasa wraps every store so that a failed read is an empty conversation. Here errors are errors.
        store = store or WindowTrackerStore(domain)
        store.domain = domain
        return guard(store)

    @staticmethod
    def _create_lock_store(store: LockStore | None) -> LockStore:
        return store or MemoryLocks()

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        self.processor = SkycapProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        try:
            read_press(message)
            if refusal := await take_in(message, self.halves):
                return await self._refuse(message, refusal)
        except (SQLAlchemyError, RedisError) as error:  # nothing goes on unmasked
            logger.error("the vault failed: %s", type(error).__name__)
            return await self._excuse(message, "utter_flights_unavailable")
        except OldButton:
            return await self._refuse(message, OLD_BUTTON)
        except Exception as error:
            return await self._fail(message, error)
        with unlogged(message.text):  # the failure, too: its traceback may quote the traveller
            try:
                sign_on(message)  # what reveal_on makes of the words
                reveal_on(message.output_channel, message.sender_id, vault())
                async with held_back(message.output_channel):
                    return await asyncio.wait_for(super().handle_message(message), settings().turn_timeout_seconds)
            except UnreadableConversation:  # the tracker store has raised the alarm
                return await self._refuse(message, "utter_conversation_unreadable")
            except OldButton:
                return await self._refuse(message, OLD_BUTTON)
            except Exception as error:
                return await self._fail(message, error)

    async def _fail(self, message: UserMessage, error: Exception) -> list[dict[str, Any]] | None:
        name, debug = type(error).__name__, logger.isEnabledFor(logging.DEBUG)
        logger.error("a message could not be handled: %s", name, exc_info=error if debug else None)
        return await self._excuse(message, "utter_trouble")

    async def _excuse(self, message: UserMessage, response: str) -> list[dict[str, Any]] | None:
        """Say that a message could not be handled, once however often it is delivered; its channel may ask for it."""
        message.has_failed = True
        if getattr(message, "is_told", False):
            return getattr(message.output_channel, "messages", None)
        return await self._refuse(message, response)

    async def _refuse(self, message: UserMessage, response: str) -> list[dict[str, Any]] | None:
        """Answer a message of which nothing is stored."""
        text = self.processor.languages.reply(response, message) if self.processor else words(None).unavailable
        await message.output_channel.send_response(message.sender_id, {"text": text})
        return getattr(message.output_channel, "messages", None)


async def load(
    model_path: Path, endpoints: AvailableEndpoints, loop: asyncio.AbstractEventLoop | None = None
) -> SkycapAgent:
    """The agent with everything the endpoints file names. Raises CannotServe rather than fall back to another."""
    broker = await EventBroker.create(endpoints.event_broker, loop=loop)
    if endpoints.event_broker and broker is None:
        raise CannotServe("The event broker of the endpoints file could not be created. Correct it or remove it.")
    agent = SkycapAgent(
        generator=endpoints.nlg or VariedResponses(),
        tracker_store=await open_tracker_store(endpoints.tracker_store, broker),
        lock_store=open_locks(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )
    try:
        agent.load_model(model_path)
    except Exception as error:
        raise CannotServe(
            f"The model {model_path} cannot be loaded ({type(error).__name__}). Train one with `make train`."
        ) from error
    return agent
