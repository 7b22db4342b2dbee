"""Facebook Messenger at /webhooks/facebook/webhook: every event of a batch, Rasa's output channel."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import requests
from fbmessenger import MessengerClient
from rasa.core.channels.facebook import MessengerBot
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from skycap.channels.platforms import Incoming, OnNewMessage, Platform
from skycap.settings import Settings

GRAPH = "https://graph.facebook.com/v21.0"


class Messenger(Platform):
    """Messages, quick replies and postbacks to one page."""

    MOST_BUTTONS = 13

    def __init__(self, current: Settings) -> None:
        super().__init__(current)
        if not self.is_open:
            return
        client = MessengerClient(None)
        client.graph_url = self.api(GRAPH)
        client._auth_args = {}  # in a header, not in an address that is logged
        client.session.headers["Authorization"] = f"Bearer {current.facebook_page_token}"
        client.session.hooks["response"] = _raise_for_status
        self._replies = MessengerBot(client)

    @classmethod
    def name(cls) -> str:
        return "facebook"

    def is_signed(self, request: Request) -> bool:
        digest = hmac.new(self.settings.facebook_app_secret.encode(), request.body, hashlib.sha256).hexdigest()
        shown = request.headers.get("X-Hub-Signature-256", "")
        return hmac.compare_digest(f"sha256={digest}".encode(), shown.encode())

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        webhook = super().blueprint(on_new_message)
        if not self.is_open:
            return webhook

        @webhook.get("/webhook")
        async def subscribe(request: Request) -> HTTPResponse:
            shown = request.args.get("hub.verify_token", "")
            if not hmac.compare_digest(self.settings.facebook_verify_token.encode(), shown.encode()):
                return response.json({"error": "The verify token is wrong."}, status=403)
            return response.text(request.args.get("hub.challenge", ""))

        return webhook

    def read(self, request: Request) -> Sequence[Incoming]:
        events = [event for entry in request.json["entry"] for event in entry.get("messaging") or []]
        return [found for event in events if (found := _read_event(event))]

    async def close(self) -> None:
        self._replies.messenger_client.session.close()

    async def send(self, to: str, message: dict[str, Any]) -> None:
        if buttons := message.pop("buttons", None):
            message["quick_replies"] = [{**each, "content_type": "text"} for each in buttons]
        # Rasa's channel waits for each answer without letting others work.
        await asyncio.to_thread(lambda: asyncio.run(self._replies.send_response(to, message)))


def _read_event(event: dict[str, Any]) -> Incoming | None:
    """A message, or None for deliveries, readings and echoes of our own words."""
    message, postback = event.get("message") or {}, event.get("postback") or {}
    if message.get("is_echo") or not (message or postback):
        return None
    text = (message.get("quick_reply") or {}).get("payload") or message.get("text") or postback.get("payload")
    sender, locale = event["sender"]["id"], event["sender"].get("locale")
    name = message.get("mid") or postback.get("mid") or f"{sender} {event['timestamp']}"
    return Incoming(sender, text, name, locale=locale if isinstance(locale, str) else None)


def _raise_for_status(answer: requests.Response, *_: Any, **__: Any) -> None:
    if not answer.ok:
        answer.close()  # or its socket stays open
        answer.raise_for_status()
