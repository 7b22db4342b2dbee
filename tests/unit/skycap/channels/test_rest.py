"""The REST channel: what it takes, what it refuses, what it hands on. Wire level: tests/e2e/test_server.py."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.channel import register as register_channels
from sanic import Sanic
from sanic.touchup import TouchUp

from skycap.channels.rest import Rest, read_body


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ({"sender": "a", "message": "hi"}, ("a", "hi")),
        ({"sender": "+1202", "message": ""}, ("+1202", "")),
        ({"sender": "user@example.com:7.b-c_d"}, ("user@example.com:7.b-c_d", "")),
        ({"sender": "Zoë", "message": None}, ("Zoë", "")),
        ({"sender": "x" * 128, "message": "hi", "more": 1}, ("x" * 128, "hi")),
    ],
)
def test_a_good_body_gives_sender_and_message(body: Any, read: tuple[str, str]) -> None:
    assert read_body(body) == read


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ("hi", "JSON object"),
        (5, "JSON object"),
        ({}, "sender"),
        ({"message": "hi"}, "sender"),
        ({"sender": "", "message": "hi"}, "sender"),
        ({"sender": None, "message": "hi"}, "sender"),
        ({"sender": 5, "message": "hi"}, "sender"),
        ({"sender": "a b", "message": "hi"}, "sender"),
        ({"sender": "a/../b", "message": "hi"}, "sender"),
        ({"sender": "a\n", "message": "hi"}, "sender"),
        ({"sender": "x" * 129, "message": "hi"}, "sender"),
        ({"sender": "a", "message": 5}, "message"),
        ({"sender": "a", "message": ["hi"]}, "message"),
        ({"sender": "a", "message": {"text": "hi"}}, "message"),
    ],
)
def test_a_bad_body_is_refused_with_a_sentence_and_an_example(body: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says) as error:
        read_body(body)
    assert '"message": "I need a flight"' in str(error.value)


DEEP_LISTS = b'{"sender": "a", "message": "hi", "metadata": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
DEEP_OBJECTS = b'{"sender": "a", "message": "hi", "metadata": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001


class Assistant:
    """Stands for Rasa: keeps what it was told and answers twice."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        for text in ("one", "two"):
            await message.output_channel.send_response(message.sender_id, {"text": text})


@pytest_asyncio.fixture
async def channel(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[str, Assistant]]:
    """The channel on a real server: its address, and who hears."""
    if any(getattr(target, "__touched__", False) for target, _ in TouchUp._registry):
        monkeypatch.setattr(TouchUp, "run", lambda app: None)  # Sanic 21.12 fails if it does this twice in a process
    app = Sanic(f"rest_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = assistant = Assistant()
    register_channels([Rest()], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/rest", assistant
    await server.before_stop()
    server.close()


@pytest.mark.asyncio
async def test_a_message_is_handed_on_and_the_replies_come_back_in_order(channel: tuple[str, Assistant]) -> None:
    url, assistant = channel
    body = {"sender": "ann", "message": "to Rome", "metadata": {"locale": "de"}}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/webhook", json=body) as answer:
        assert answer.status == 200
        assert await answer.json() == [
            {"recipient_id": "ann", "text": "one"},
            {"recipient_id": "ann", "text": "two"},
        ]
    (heard,) = assistant.heard
    assert (heard.text, heard.sender_id, heard.input_channel) == ("to Rome", "ann", "rest")
    assert heard.metadata == {"locale": "de"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'{"sender": "a", "message": 5}', DEEP_LISTS, DEEP_OBJECTS],
    ids=lambda body: body[:20].decode(errors="replace"),
)
async def test_a_bad_request_reaches_nobody(channel: tuple[str, Assistant], body: bytes) -> None:
    url, assistant = channel
    async with aiohttp.ClientSession() as http, http.post(f"{url}/webhook", data=body) as answer:
        assert answer.status == 400
        assert len((await answer.json())["error"]) > 20
    assert not assistant.heard


@pytest.mark.asyncio
async def test_the_channel_says_that_it_is_there(channel: tuple[str, Assistant]) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{channel[0]}/") as answer:
        assert await answer.json() == {"status": "ok"}
