"""Carries words between a traveller and a person, while the assistant is paused.

`PausedConversations` belongs to the processor: it hears what a traveller says meanwhile, gives them what the person
said, and ends the pause. `Delivery` is the server's task that looks into the queue about once a second, so that a
traveller who says nothing hears the person too. Both work under the conversation's lock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, ConversationPaused, ConversationResumed, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from flights import database
from flights.languages import DEFAULT
from flights.reading import leaves_the_queue, wants_the_assistant
from skycap.data import LANGUAGE
from skycap.handoffs import Handoff, HandoffQueue
from skycap.settings import settings
from skycap.vault import hide, persons, vault

if TYPE_CHECKING:
    from skycap.serving.agent import SkycapAgent, SkycapProcessor

logger = logging.getLogger(__name__)
POLL_SECONDS = 1.0
ABANDONED_AFTER = timedelta(days=1)  # without a word of the person who took it
# Words to a person are no message to the assistant: this intent tells the policies so.
TO_A_PERSON = {"name": "handoff", "confidence": 1.0}


def _queue() -> HandoffQueue:
    return HandoffQueue(database.engine(settings().flights_url))


def _hear(queue: HandoffQueue, handoff: Handoff, text: str) -> None:
    """Keep what a traveller says to the person; names and addresses known by now are tokens."""
    queue.hear(handoff.id, hide(text, persons(vault(), handoff.conversation_id)), _now())


def _now() -> datetime:
    return datetime.now(timezone.utc)


def is_answered(tracker: DialogueStateTracker) -> bool:
    """Whether the message was dealt with before any policy saw it: the assistant listens already."""
    last = tracker.events[-1] if tracker.events else None
    return isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME


class PausedConversations:
    """What happens in a conversation that is paused."""

    def __init__(self, processor: SkycapProcessor) -> None:
        self._processor = processor

    async def hear(self, message: UserMessage, tracker: DialogueStateTracker) -> bool:
        """Pass a traveller's message on to the person; returns whether the assistant has to answer it instead."""
        queue = await asyncio.to_thread(_queue)
        handoff = await asyncio.to_thread(queue.open_of, tracker.sender_id)
        channel = message.output_channel
        if handoff is None or await asyncio.to_thread(self._is_over, queue, handoff, tracker):
            if handoff is not None:
                await asyncio.to_thread(queue.close, handoff.id, _now(), by="server")
            handoff = await asyncio.to_thread(queue.latest_of, tracker.sender_id)
            if handoff is not None:
                await self._give(queue, handoff, tracker, channel)
            await self._resume(handoff, tracker, channel, ask_again=False)
            await self._resumed(queue, handoff, tracker)
            return True
        parse_data = {"text": message.text, "intent": TO_A_PERSON, "entities": []}
        tracker.update(
            UserUttered(
                message.text,
                TO_A_PERSON,
                [],
                parse_data,
                input_channel=message.input_channel,
                message_id=message.message_id,
                metadata=message.metadata,
            ),
            self._processor.domain,
        )
        text, waits = message.text or "", handoff.state == "waiting"
        language = tracker.get_slot(LANGUAGE) or DEFAULT
        await asyncio.to_thread(_hear, queue, handoff, text)
        # The page's button says it in the default language.
        wants = wants_the_assistant(text, language) or wants_the_assistant(text, DEFAULT)
        if wants or (waits and leaves_the_queue(text, language)):
            await asyncio.to_thread(queue.close, handoff.id, _now(), by="traveller")
            await self._resume(None, tracker, channel, ask_again=True)
            await self._resumed(queue, handoff, tracker)
        else:
            await self.serve(queue, handoff, tracker, channel)
        return False

    async def serve(
        self, queue: HandoffQueue, handoff: Handoff, tracker: DialogueStateTracker, channel: OutputChannel
    ) -> None:
        """Bring the traveller up to date and save the conversation: who is there, what they said, that they left."""
        if handoff.state == "taken" and not tracker.is_paused():  # killed between queueing and saving
            tracker.update(ConversationPaused(), self._processor.domain)
        await self._give(queue, handoff, tracker, channel)
        if handoff.state == "waiting" and is_overdue(handoff, _now()):
            await self._processor.say("utter_nobody_free", channel, tracker)
            await self._save_and_mark(queue, handoff, tracker, "excused_at")
        if handoff.state == "closed":
            if tracker.is_paused():
                await self._resume(handoff, tracker, channel, ask_again=True)
            await self._resumed(queue, handoff, tracker)

    async def _give(
        self, queue: HandoffQueue, handoff: Handoff, tracker: DialogueStateTracker, channel: OutputChannel
    ) -> None:
        """Give the traveller what the person said. A line is in the tracker once, whenever the server is killed."""
        if handoff.taken_at and not handoff.announced_at:
            who = {"with_person": handoff.agent} if handoff.state == "taken" else {}
            await self._processor.say("utter_person_here", channel, tracker, {"name": handoff.agent}, who)
            await self._save_and_mark(queue, handoff, tracker, "announced_at")
        known = {event.metadata.get("handoff_line") for event in tracker.events if isinstance(event, BotUttered)}
        for line in await asyncio.to_thread(queue.unsent, handoff.id):
            if line.id not in known:
                metadata = {"spoken_by": handoff.agent, "with_person": handoff.agent, "handoff_line": line.id}
                event = BotUttered(line.text, {}, metadata)
                tracker.update(event, self._processor.domain)
                await channel.send_response(tracker.sender_id, event.message())
                await self._processor.save_tracker(tracker)
            await asyncio.to_thread(queue.mark_sent, line, _now())

    async def _resume(
        self, handoff: Handoff | None, tracker: DialogueStateTracker, channel: OutputChannel, *, ask_again: bool
    ) -> None:
        """End the pause; a booking under way goes on where it was."""
        processor = self._processor
        tracker.update(ConversationResumed(), processor.domain)
        if handoff is not None and handoff.agent and handoff.closed_by == "agent":
            await processor.say("utter_person_left", channel, tracker, {"name": handoff.agent})
        else:
            await processor.say("utter_back_with_skycap", channel, tracker)
        if ask_again and (loop := tracker.active_loop_name):
            action = processor._get_action(loop)
            prediction = PolicyPrediction.for_action_name(processor.domain, loop)
            await processor._run_action(action, tracker, channel, processor.nlg, prediction)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)

    def _is_over(self, queue: HandoffQueue, handoff: Handoff, tracker: DialogueStateTracker) -> bool:
        """Whether nobody expects a person any more: the session has ended, or the person has gone without a word."""
        if handoff.state == "waiting":
            return self._processor._has_session_expired(tracker)
        said = [line.at for line in queue.lines(handoff.id) if line.who == "person"]
        return _now() - max([handoff.taken_at or handoff.asked_at, *said]) > ABANDONED_AFTER

    async def _resumed(self, queue: HandoffQueue, handoff: Handoff | None, tracker: DialogueStateTracker) -> None:
        if handoff is not None:
            await self._save_and_mark(queue, handoff, tracker, "resumed_at")

    async def _save_and_mark(
        self, queue: HandoffQueue, handoff: Handoff, tracker: DialogueStateTracker, what: str
    ) -> None:
        await self._processor.save_tracker(tracker)
        await asyncio.to_thread(queue.mark, handoff.id, what, _now())


def is_overdue(handoff: Handoff, now: datetime) -> bool:
    """Whether the traveller has waited too long and has not been told."""
    waited = now - handoff.asked_at
    return not handoff.excused_at and waited > timedelta(minutes=settings().handoff_patience_minutes)


class Delivery:
    """The task that delivers: one round about every second."""

    def __init__(self, agent: SkycapAgent, channels: Mapping[str, OutputChannel | None]) -> None:
        self._agent = agent
        self._channels = channels
        self._last_failure = ""

    async def run(self) -> None:
        """Deliver until cancelled. A round that fails is logged once and tried again."""
        while True:
            try:
                await self.round()
                self._last_failure = ""
            except Exception as error:
                if type(error).__name__ != self._last_failure:
                    self._last_failure = type(error).__name__
                    logger.error("words of a person cannot be delivered now: %s", self._last_failure)
            await asyncio.sleep(POLL_SECONDS)

    async def round(self) -> None:
        """Look once, and serve every conversation that something has to be done about. Raises the first failure."""
        queue = await asyncio.to_thread(_queue)
        unfinished = await asyncio.to_thread(queue.unfinished)
        outbox = await asyncio.to_thread(queue.waiting_to_be_sent) if unfinished else set()
        due = [each for each in unfinished if self._is_due(each, outbox)]
        results = await asyncio.gather(*(self._serve(queue, each) for each in due), return_exceptions=True)
        for failure in results:
            if isinstance(failure, BaseException):
                raise failure

    def _is_due(self, handoff: Handoff, outbox: set[int]) -> bool:
        something = (
            handoff.id in outbox
            or handoff.state == "closed"
            or (handoff.state == "taken" and not handoff.announced_at)
            or (handoff.state == "waiting" and is_overdue(handoff, _now()))
        )
        return something and self._reaches(handoff)

    def _reaches(self, handoff: Handoff) -> bool:
        """Whether the traveller can be told now. REST has no way back: there the next message brings everything."""
        channel: Any = self._channels.get(handoff.channel)
        reaches = getattr(channel, "reaches", None)
        return channel is not None and (reaches is None or reaches(handoff.conversation_id))

    async def _serve(self, queue: HandoffQueue, handoff: Handoff) -> None:
        processor = self._agent.processor
        async with self._agent.lock_store.lock(handoff.conversation_id):
            fresh = await asyncio.to_thread(queue.get, handoff.id)
            if fresh.resumed_at is None:  # a message of the traveller may have come first
                tracker = await processor.get_tracker(handoff.conversation_id)
                await processor.paused.serve(queue, fresh, tracker, self._channels[handoff.channel])
