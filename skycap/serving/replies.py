"""Replies leave after the turn is stored: what a traveller has read, the conversation knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore


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


async def said_again(message: UserMessage, store: TrackerStore) -> bool:
    """Give a message that was answered before its replies once more; returns whether it was.

    Only our own store knows; with another a message sent twice is handled twice.
    """
    stored = getattr(store, "replies", None)
    replies = await stored(message.sender_id, message.message_id) if stored and message.message_id else None
    for each in replies or ():
        await message.output_channel.send_response(message.sender_id, each)
    return replies is not None
