"""The web chat on a real Sanic server, with pages that are real Socket.IO clients; the platforms, open and closed."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import socketio
from cryptography.fernet import Fernet
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.channel import register as register_channels
from sanic import Sanic
from sanic.touchup import TouchUp

from skycap.channels.web import WebChat
from skycap.settings import Settings
from skycap.vault import Keys, MemoryVault
from tests.platforms import SETTINGS
from tests.unit.skycap.channels import platform_site as platforms

SECRET = "a secret of the tests, long enough"
WAIT_SECONDS = 3.0


class Assistant:
    """Stands for Rasa: keeps what it was told and answers as the text says."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.may_finish = asyncio.Event()
        self.may_finish.set()

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.may_finish.wait()
        if message.text == "raise":
            raise RuntimeError("the text raise must not reach the log")
        await message.output_channel.send_response(
            message.sender_id,
            {
                "text": f"You said:\n\n{message.text}",
                "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No"}],
                "custom": {"type": "offers", "offers": []},
                "image": "https://example.com/map.png",
            },
        )


class Page:
    """A Socket.IO client that keeps every event; `expect` waits for the next of a name."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.events: list[tuple[str, Any]] = []
        self._queues: dict[str, asyncio.Queue[Any]] = {}
        self.client.on("*", self._keep)

    async def _keep(self, name: str, *payload: Any) -> None:
        self.events.append((name, payload[0] if payload else None))
        self._queues.setdefault(name, asyncio.Queue()).put_nowait(payload[0] if payload else None)

    async def expect(self, name: str) -> Any:
        return await asyncio.wait_for(self._queues.setdefault(name, asyncio.Queue()).get(), WAIT_SECONDS)

    async def open_session(self, shown: Any = None) -> dict[str, str]:
        await self.client.emit("session_request", shown or {})
        return await self.expect("session_confirm")

    async def say(self, text: str, message_id: str) -> None:
        await self.client.emit("user_uttered", {"message": text, "id": message_id})

    def named(self, name: str) -> list[Any]:
        return [payload for each, payload in self.events if each == name]


class Site:
    def __init__(self, url: str, assistant: Assistant, channel: WebChat) -> None:
        self.url = url
        self.assistant = assistant
        self.channel = channel
        self.pages: list[Page] = []

    async def open(self, **headers: str) -> Page:
        page = Page()
        await page.client.connect(self.url, headers=headers, transports=["websocket"])
        self.pages.append(page)
        return page


@pytest_asyncio.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    if any(getattr(target, "__touched__", False) for target, _ in TouchUp._registry):
        monkeypatch.setattr(TouchUp, "run", lambda app: None)  # Sanic 21.12 fails if it does this twice in a process
    assistant = Assistant()
    channel = WebChat(secret=SECRET, origins=["https://www.example.com"])
    app = Sanic(f"web_chat_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = assistant
    register_channels([channel], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    site = Site(f"http://127.0.0.1:{listening.getsockname()[1]}", assistant, channel)
    yield site
    for page in site.pages:
        await page.client.disconnect()
    await server.before_stop()
    server.close()


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(Keys(Fernet.generate_key().decode()), 3600)


@pytest_asyncio.fixture
async def platform_site(vault: MemoryVault, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[platforms.Site]:
    """All four open."""
    async for each in platforms.serve(
        Settings(**SETTINGS, vault_key=Fernet.generate_key().decode()), vault, monkeypatch
    ):
        yield each


@pytest_asyncio.fixture
async def closed_platform_site(vault: MemoryVault, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[platforms.Site]:
    """No setting set."""
    async for each in platforms.serve(Settings(), vault, monkeypatch):
        yield each
