"""Rasa's REST channel at /webhooks/rest, with clear answers to bad requests.

Rasa's own answers `200 []` to an error, lets everybody without a `sender` share one conversation, and hangs a stream
when a turn fails.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from skycap.ingest import LETTERS

SENDER = re.compile(r"[\w.:@+\-]{1,128}")
EXAMPLE = '{"sender": "your-id", "message": "I need a flight"}'


def read_body(body: Any) -> tuple[str, str]:
    """Sender and message of a request body. Raises ValueError with a sentence for the caller."""
    if not isinstance(body, dict):
        raise ValueError(f"Send a JSON object such as {EXAMPLE}.")
    sender, message = body.get("sender"), body.get("message")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise ValueError(
            f"`sender` must be 1 to 128 letters, digits or . : @ + - _; it names the conversation. Example: {EXAMPLE}."
        )
    if message is not None and not isinstance(message, str):
        raise ValueError(f"`message` must be a text. Example: {EXAMPLE}.")
    return sender, message or ""


class Rest(RestInput):
    """POST /webhooks/rest/webhook {sender, message} → [{recipient_id, text | custom | …}]."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        webhook = Blueprint("rest_webhook", __name__)

        @webhook.get("/")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = read_body(request.json)
            except (ValueError, SanicException) as error:
                not_json = f"The body is not JSON. Send an object such as {EXAMPLE}."
                why = str(error) if type(error) is ValueError else not_json
                return response.json({"error": why}, status=400)
            collector = CollectingOutputChannel()
            metadata = request.json.get("metadata")
            message = UserMessage(
                text,
                collector,
                sender,
                input_channel=self.name(),
                metadata=metadata if isinstance(metadata, dict) else None,
            )
            # Rasa draws an id by lot where a caller sends none
            message.made_up = message.message_id = message.message_id.translate(LETTERS)
            await on_new_message(message)
            return response.json(collector.messages)

        return webhook
