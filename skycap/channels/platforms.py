"""What Slack, Messenger, Telegram and Twilio have in common: one way in, one way out (docs/channels.md).

Place in the flow: platform -> signature -> read -> on_new_message -> Replies -> Rasa's own output channel -> platform.

A platform is closed until its settings are set: its webhook is not there. A conversation is named by a keyed pseudonym
of who writes, so that no phone number is an id and no other door can guess it; the vault keeps who is behind it, for
replies that come later. A delivery that the platform repeats is answered once; one that could not be stored is
answered 503, so that the platform repeats it.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from redis.exceptions import RedisError
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from skycap.channels.deliveries import ANSWERED, FAILED, RUNNING, Deliveries
from skycap.settings import Settings, settings
from skycap.vault import Keys, keys_of, vault

logger = logging.getLogger(__name__)
KIND = "SENDER"
TOKEN = f"[{KIND}:1]"
RETRY_AFTER_SECONDS = "5"
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Incoming:
    """A message as the platform tells it. `text` None: something that is no text. `to`: the reply goes elsewhere.

    `locale` is what the platform says of the traveller's language.
    """

    sender: str
    text: str | None
    id: str
    to: str | None = None
    locale: str | None = None


class Platform(InputChannel, ABC):
    """An input channel of one platform, at /webhooks/NAME/webhook."""

    MOST_BUTTONS = 0  # what it shows with one text; more are listed in the text
    MOST_SEEN = 10_000

    def __init__(self, current: Settings) -> None:
        self.settings = current
        self.is_open = current.opens(self.name())
        self._deliveries = Deliveries(self.name())
        self._seen: OrderedDict[str, asyncio.Task[bool]] = OrderedDict()  # the turn of each message, by its id

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Platform:
        if credentials:
            raise ValueError(f"credentials.yml gives {cls.__name__} values; they belong into SKYCAP_ settings.")
        return cls(settings())

    @abstractmethod
    def is_signed(self, request: Request) -> bool:
        """Whether the platform, and nobody else, sent this request."""

    @abstractmethod
    def read(self, request: Request) -> Sequence[Incoming]:
        """The messages of a signed request. Raises LookupError, TypeError or ValueError when it is none of theirs."""

    @abstractmethod
    async def send(self, to: str, message: dict[str, Any]) -> None:
        """Send one of Rasa's reply dictionaries; raises when the platform does not take it."""

    def answer(self, request: Request) -> HTTPResponse:
        """What a signed request is answered with; replies are sent apart from it."""
        return response.text("")

    async def close(self) -> None:
        """End what is open to the platform when the server stops."""
        return

    def api(self, address: str) -> str:
        """Where the platform's own API is; tests put another in its place."""
        return f"{self.settings.platforms_url.rstrip('/')}/{self.name()}" if self.settings.platforms_url else address

    def get_output_channel(self) -> OutputChannel | None:
        return Replies(self) if self.is_open else None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        webhook = Blueprint(f"{self.name()}_webhook", __name__)
        if not self.is_open:
            return webhook

        @webhook.get("/")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not getattr(request.app.ctx, "masks", False):
                return response.json({"error": "Nothing is masked here: start with `skycap serve`."}, status=503)
            if not self.is_signed(request):
                return response.json({"error": "The signature is missing or wrong."}, status=401)
            try:
                messages, answer = self.read(request), self.answer(request)
            except (AttributeError, LookupError, TypeError, ValueError, RecursionError, SanicException):
                return response.json({"error": f"This is no delivery of {self.name()}."}, status=400)
            if all([await self._take(each, on_new_message) for each in messages]):
                return answer
            return response.json({"error": "Not stored: deliver it again."}, 503, {"Retry-After": RETRY_AFTER_SECONDS})

        @webhook.listener("after_server_stop")
        async def close(*_: Any) -> None:
            await self.close()

        return webhook

    async def _take(self, incoming: Incoming, on_new_message: OnNewMessage) -> bool:
        """Handle a message once, however often it is delivered; returns whether it has its answer now."""
        before = self._seen.get(incoming.id)
        if before is None or (before.done() and not before.result()):
            elsewhere = await self._deliveries.elsewhere(incoming.id) if before is None else None
            if elsewhere == ANSWERED:
                return True
            is_told = before is not None or elsewhere == FAILED
            turn = self._handle(incoming, on_new_message, is_told=is_told)
            self._seen[incoming.id] = asyncio.ensure_future(turn)
            if len(self._seen) > self.MOST_SEEN:
                self._seen.popitem(last=False)
        return await asyncio.shield(self._seen[incoming.id])  # a platform that hangs up ends no turn

    async def _handle(self, incoming: Incoming, on_new_message: OnNewMessage, *, is_told: bool) -> bool:
        conversation = self.conversation_of(incoming.sender)
        try:
            await asyncio.to_thread(vault().put, conversation, KIND, incoming.sender)
        except (SQLAlchemyError, RedisError) as error:  # this turn can be answered, a later word of a person not
            logger.error("the vault failed: %s", type(error).__name__)
        replies = Replies(self, incoming.to or incoming.sender)
        message = UserMessage(
            incoming.text,
            replies,
            conversation,
            input_channel=self.name(),
            message_id=incoming.id,
            metadata={"locale": incoming.locale} if incoming.locale else None,
        )
        message.is_told = is_told
        if incoming.text is None:
            message.text = ()  # not even an empty text: the door says that it reads only text
        self._deliveries.note(incoming.id, RUNNING)
        answered = False
        try:
            await on_new_message(message)
            answered = not getattr(message, "has_failed", False)
        except Exception as error:
            logger.error("a message from %s could not be handled: %s", self.name(), type(error).__name__)
        finally:
            self._deliveries.note(incoming.id, ANSWERED if answered else FAILED)
        return answered

    def conversation_of(self, sender: str) -> str:
        """The conversation of who writes: the same after a restart, and after a new key is put before the old one."""
        return f"{self.name()}-{self._keys.fingerprints(f'{self.name()}:{sender}')[-1][:32]}"

    @cached_property
    def _keys(self) -> Keys:
        return keys_of(self.settings)


class Replies(OutputChannel):
    """The way back of one message, or of what comes later: then the vault says to whom."""

    def __init__(self, platform: Platform, to: str | None = None) -> None:
        self._platform, self._to = platform, to

    def name(self) -> str:  # type: ignore[override]
        return self._platform.name()

    def reaches(self, recipient_id: str) -> bool:
        """Whether it is known who is behind this conversation."""
        return vault().get(recipient_id, TOKEN) is not None

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        to = self._to or await asyncio.to_thread(vault().get, recipient_id, TOKEN)
        shown = fit(message, self._platform.MOST_BUTTONS)
        if to is None or not (shown.get("text") or shown.get("image")):
            return
        try:
            await self._platform.send(to, shown)
        except Exception as error:  # its message may hold the address
            logger.error("%s did not take a reply: %s", self.name(), type(error).__name__)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"text": text})  # whatever else Rasa sends becomes text


def fit(message: dict[str, Any], most_buttons: int) -> dict[str, Any]:
    """Text, image, and buttons as far as the platform shows them; the text says all that a card of the page shows."""
    shown: dict[str, Any] = {key: message[key] for key in ("text", "image") if message.get(key)}
    buttons = message.get("buttons") or message.get("quick_replies") or []
    if buttons and len(buttons) <= most_buttons:
        shown["buttons"] = [
            {"title": each["title"], "payload": each.get("payload") or each["title"]} for each in buttons
        ]
        shown.setdefault("text", "…")
    elif buttons:
        shown["text"] = "\n".join([shown.get("text", ""), *(f"• {each['title']}" for each in buttons)]).strip()
    return shown
