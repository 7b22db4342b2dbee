"""Replies leave after the turn is stored: what a traveller has read, the conversation knows."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from skycap.ingest import LETTERS, shield_data


@asynccontextmanager
async def held_back(channel: OutputChannel) -> AsyncIterator[None]:
    """Send what is said inside at the end of the block, in its order; nothing when the block raises."""
    send, held = channel.send_response, []

    async def hold(recipient_id: str, message: dict[str, Any]) -> None:
        held.append((recipient_id, message))

    channel.send_response = hold  # type: ignore[method-assign]  # a channel object is made for each message
    try:
        yield
    finally:
        channel.send_response = send  # type: ignore[method-assign]
    for recipient_id, message in held:
        await send(recipient_id, message)


def safe_id(message_id: str | None) -> str | None:
    """The id of a message as it may be stored: one that looks like personal data, a phone number perhaps, as a hash.

    Masked it would be the id of every such message. The hash has letters alone: no masking finds a number in it.
    """
    if message_id is None or shield_data(message_id) == message_id:
        return message_id
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest().translate(LETTERS)


async def said_again(message: UserMessage, store: TrackerStore) -> bool:
    """Give a message that was answered before its replies once more; returns whether it was.

    Only our own store knows; with another a message sent twice is handled twice. An id that the channel made up for a
    message without one (`made_up`) was never seen before.
    """
    if getattr(message, "made_up", None) == message.message_id:
        return False
    stored = getattr(store, "replies", None)
    replies = await stored(message.sender_id, message.message_id) if stored and message.message_id else None
    for each in replies or ():
        await message.output_channel.send_response(message.sender_id, each)
    return replies is not None


def said_something(tracker: DialogueStateTracker) -> bool:
    """Whether the traveller got a reply since the last message."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            return True
        if isinstance(event, UserUttered):
            return False
    return False
