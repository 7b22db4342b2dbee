"""Telegram at /webhooks/telegram/webhook: messages and buttons, Rasa's output channel."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Any

from aiogram.bot.api import TelegramAPIServer
from aiogram.utils.exceptions import ValidationError
from rasa.core.channels.telegram import TelegramOutput
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from skycap.channels.platforms import Incoming, Platform
from skycap.settings import BadSetting, Settings

START = re.compile(r"/start\b")
NOT_TEXT = {"animation", "audio", "contact", "document", "location", "photo", "sticker", "video", "video_note", "voice"}
MOST_BYTES = 64  # of what a button says


class Telegram(Platform):
    """Chats with one bot; what is edited later and what channels post is left alone."""

    MOST_BUTTONS = 20

    def __init__(self, current: Settings) -> None:
        super().__init__(current)
        if not self.is_open:
            return
        try:
            self._replies = TelegramOutput(current.telegram_token)
        except ValidationError:
            raise BadSetting("SKYCAP_TELEGRAM_TOKEN is no token of a Telegram bot. Copy it from @BotFather.") from None
        self._replies.server = TelegramAPIServer.from_base(self.api("https://api.telegram.org"))

    @classmethod
    def name(cls) -> str:
        return "telegram"

    def is_signed(self, request: Request) -> bool:
        shown = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        return hmac.compare_digest(self.settings.telegram_secret.encode(), shown.encode())

    def read(self, request: Request) -> Sequence[Incoming]:
        update = request.json
        name = str(update["update_id"])
        if click := update.get("callback_query"):
            chat = str(click["message"]["chat"]["id"])
            return [Incoming(chat, click["data"], f"click {click['id']}", locale=_locale(click))]
        message = update.get("message") or {}
        text = message.get("text")
        if not text and not NOT_TEXT & set(message):
            return []
        if text and START.match(text):
            text = "hello"  # the first thing that Telegram makes everybody say
        chat = str(message["chat"]["id"])
        return [Incoming(chat, text or message.get("caption"), name, locale=_locale(message))]

    def answer(self, request: Request) -> HTTPResponse:
        click = request.json.get("callback_query")
        return response.json({"method": "answerCallbackQuery", "callback_query_id": click["id"]} if click else {})

    async def close(self) -> None:
        await (await self._replies.get_session()).close()

    async def send(self, to: str, message: dict[str, Any]) -> None:
        if any(len(each["payload"].encode()) > MOST_BYTES for each in message.get("buttons", ())):
            for each in message["buttons"]:
                each["payload"] = each["title"].encode()[:MOST_BYTES].decode(errors="ignore")
        await self._replies.send_response(
            to, {**message, "button_type": "vertical"} if "buttons" in message else message
        )


def _locale(update: dict[str, Any]) -> str | None:
    """The language of the traveller's Telegram."""
    locale = (update.get("from") or {}).get("language_code")
    return locale if isinstance(locale, str) else None
