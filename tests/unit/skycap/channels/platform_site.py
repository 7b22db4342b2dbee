"""A server with the channels of the platforms, and who stands for Rasa behind the agent's door."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.channel import register as register_channels
from sanic import Sanic
from sanic.touchup import TouchUp

from skycap.channels import platforms
from skycap.channels.messenger import Messenger
from skycap.channels.platforms import Platform
from skycap.channels.rest import Rest
from skycap.channels.slack import Slack
from skycap.channels.telegram import Telegram
from skycap.channels.twilio import Twilio
from skycap.serving import agent
from skycap.serving.masking import reveal_on
from skycap.settings import Settings
from skycap.vault import MemoryVault
from tests.platforms import Delivery, PlatformServer

KINDS = (Slack, Messenger, Telegram, Twilio)


class Assistant:
    """Stands for Rasa behind the agent's door: takes in as the agent does, keeps what came through, and answers."""

    def __init__(self, vault: MemoryVault) -> None:
        self.vault = vault
        self.heard: list[UserMessage] = []
        self.refused: list[str] = []
        self.reply: dict[str, Any] = {}
        self.is_away = False
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def handle_message(self, message: UserMessage) -> None:
        await self.may_answer.wait()
        if self.is_away:
            message.has_failed = True
            if not message.is_told:
                await message.output_channel.send_response(message.sender_id, {"text": "Not now."})
            return
        if refusal := await agent.take_in(message):
            self.refused.append(refusal)
            await message.output_channel.send_response(message.sender_id, {"text": refusal})
            return
        self.heard.append(message)
        if message.text == "raise":
            raise RuntimeError("the text raise must not reach the log")
        reveal_on(message.output_channel, message.sender_id, self.vault)
        await message.output_channel.send_response(
            message.sender_id, self.reply or {"text": f"You said {message.text}", "custom": {"type": "offers"}}
        )


class Site:
    def __init__(
        self, url: str, api: PlatformServer, assistant: Assistant, channels: dict[str, Platform], app: Sanic
    ) -> None:
        self.url, self.api, self.assistant, self.channels, self.app = url, api, assistant, channels, app

    async def take(self, sent: Delivery) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.url + sent.path, data=sent.body, headers=sent.headers) as answer,
        ):
            return answer.status, await answer.text()

    async def get(self, path: str, **query: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as http, http.get(self.url + path, params=query) as answer:
            return answer.status, await answer.text()


async def serve(given: Settings, vault: MemoryVault, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    if any(getattr(target, "__touched__", False) for target, _ in TouchUp._registry):
        monkeypatch.setattr(TouchUp, "run", lambda app: None)  # Sanic 21.12 fails if it does this twice in a process
    monkeypatch.setattr(agent, "vault", lambda: vault)
    monkeypatch.setattr(platforms, "vault", lambda: vault)
    api = PlatformServer()
    current = Settings(**{**vars(given), "platforms_url": api.url})
    channels = [kind(current) for kind in KINDS]
    app = Sanic(f"platforms_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.masks = True
    app.ctx.agent = assistant = Assistant(vault)
    register_channels([*channels, Rest()], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    yield Site(url, api, assistant, {each.name(): each for each in channels}, app)
    await server.before_stop()
    server.close()
    await server.after_stop()
    api.close()
