"""Twilio (SMS, WhatsApp) at /webhooks/twilio/webhook: signed forms, Rasa's output channel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from rasa.core.channels.twilio import TwilioOutput
from sanic.request import Request
from twilio.request_validator import RequestValidator

from skycap.channels.platforms import Incoming, Platform
from skycap.settings import Settings

LOST_AT = re.compile(r"(?<=\w)¡(?=\w)")  # some carriers turn @ into it


class TwilioReplies(TwilioOutput):
    async def _send_message(self, message_data: dict[str, Any]) -> Any:
        return await asyncio.to_thread(self.messages.create, **message_data)  # Rasa's waits, tries five times, and logs


class Twilio(Platform):
    """Messages to one number."""

    def __init__(self, current: Settings) -> None:
        super().__init__(current)
        if not self.is_open:
            return
        self._validator = RequestValidator(current.twilio_auth_token)
        self._replies = TwilioReplies(current.twilio_account_sid, current.twilio_auth_token, current.twilio_number)
        self._replies.api.base_url = self.api("https://api.twilio.com")

    @classmethod
    def name(cls) -> str:
        return "twilio"

    def is_signed(self, request: Request) -> bool:
        # The address as Twilio knows it: behind a proxy the request does not tell.
        query = f"?{request.query_string}" if request.query_string else ""
        address = f"{self.settings.public_url.rstrip('/')}{request.path}{query}"
        return self._validator.validate(address, _form(request), request.headers.get("X-Twilio-Signature", ""))

    def read(self, request: Request) -> Sequence[Incoming]:
        form = _form(request)
        text = LOST_AT.sub("@", form.get("Body", "")).strip()
        return [Incoming(form["From"], text or None, form["MessageSid"])]

    async def send(self, to: str, message: dict[str, Any]) -> None:
        await self._replies.send_response(to, message)


def _form(request: Request) -> dict[str, str]:
    """The form with its empty fields, which are signed too; Sanic's leaves them out."""
    return dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
