"""The web chat channel over a real Sanic server and a real Socket.IO client."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import socketio
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.channel import register as register_channels
from sanic import Sanic
from sanic.touchup import TouchUp

from skycap.channels.web import MAX_RUNNING_TURNS, MAX_TEXT_CHARACTERS, WebChat
from skycap.channels.web_sessions import LiveSessions, SessionTokens

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


@pytest.mark.asyncio
async def test_address_and_name_are_those_of_rasas_socketio(site: Site) -> None:
    assert site.channel.name() == "socketio"
    async with aiohttp.ClientSession() as http, http.get(f"{site.url}/webhooks/socketio/") as reply:
        assert await reply.json() == {"status": "ok"}


@pytest.mark.asyncio
async def test_one_reply_is_one_event_with_text_buttons_custom_and_image(site: Site) -> None:
    page = await site.open(**{"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    session = await page.open_session()
    await page.say("to Rome", "m-1")
    assert await page.expect("turn_done") == {"id": "m-1"}

    assert [name for name, _ in page.events] == ["session_confirm", "bot_typing", "bot_uttered", "turn_done"]
    (reply,) = page.named("bot_uttered")
    assert reply.pop("event_id")
    assert reply == {
        "text": "You said:\n\nto Rome",
        "quick_replies": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "No"}],
        "custom": {"type": "offers", "offers": []},
        "image": "https://example.com/map.png",
    }
    (heard,) = site.assistant.heard
    assert heard.sender_id == session["session_id"]
    assert heard.input_channel == "socketio"
    assert heard.message_id == "m-1"
    assert heard.metadata == {"message_id": "m-1", "locale": "de-AT"}


@pytest.mark.asyncio
async def test_session_continues_on_another_page_only_with_its_token(site: Site) -> None:
    first, second = await site.open(), await site.open()
    session = await first.open_session()
    assert await second.open_session(session) == session
    await first.say("hello", "m-1")
    assert (await second.expect("bot_uttered"))["text"] == "You said:\n\nhello"


@pytest.mark.asyncio
async def test_wrong_or_missing_proof_gives_a_new_session_that_hears_nothing(site: Site) -> None:
    victim, thief = await site.open(), await site.open()
    session = await victim.open_session()
    session_id, token = session["session_id"], session["token"]
    other_token = SessionTokens("another secret, also long enough").token(session_id)
    for shown in [
        {"session_id": session_id},
        {"session_id": session_id, "token": ""},
        {"session_id": session_id, "token": token[:-1]},
        {"session_id": session_id, "token": other_token},
        {"session_id": session_id, "token": "ключ"},
        {"session_id": session_id, "token": {"nested": [token]}},
        {"session_id": session_id.upper(), "token": token},
        {"session_id": "../default", "token": token},
        {"session_id": "\ud800", "token": "\ud800"},
        {"session_id": None, "token": None},
        [session_id, token],
        "junk",
        7,
    ]:
        issued = await thief.open_session(shown)
        assert issued["session_id"] != session_id, shown
    await victim.say("my secret plan", "m-1")
    await victim.expect("turn_done")
    assert thief.named("bot_uttered") == []


@pytest.mark.asyncio
async def test_starting_over_leaves_the_old_session(site: Site) -> None:
    page, other = await site.open(), await site.open()
    old = await page.open_session()
    await other.open_session(old)
    assert await page.open_session() != old
    await other.say("hello", "m-1")
    await other.expect("turn_done")
    assert page.named("bot_uttered") == []


@pytest.mark.asyncio
async def test_malformed_messages_get_an_error_and_the_next_message_is_heard(site: Site) -> None:
    page = await site.open()
    await page.open_session()
    nested: Any = "deep"
    for _ in range(200):
        nested = [nested]
    for payload, code in [
        ("just text", "malformed"),
        (None, "malformed"),
        (7, "malformed"),
        ([], "malformed"),
        ([["message", "hi"]], "malformed"),
        ({}, "malformed"),
        ({"id": "a"}, "malformed"),
        ({"message": None, "id": "a"}, "malformed"),
        ({"message": 7, "id": "a"}, "malformed"),
        ({"message": "  \n", "id": "a"}, "malformed"),
        ({"message": {"message": "hi"}, "id": "a"}, "malformed"),
        ({"message": nested, "id": "a"}, "malformed"),
        ({"message": b"bytes", "id": "a"}, "malformed"),
        ({"message": "hi", "id": 7}, "malformed"),
        ({"message": "hi", "id": ["a"]}, "malformed"),
        ({"message": "hi", "id": "x" * 65}, "malformed"),
        ({"message": "hi", "id": "a b\n"}, "malformed"),
        ({"message": "x" * (MAX_TEXT_CHARACTERS + 1), "id": "a"}, "too_long"),
        ({"message": "x" * 900_000, "id": "a"}, "too_long"),
    ]:
        await page.client.emit("user_uttered", payload)
        error = await page.expect("bot_error")
        assert (error["code"], bool(error["text"])) == (code, True), str(payload)[:80]
    await page.client.emit("user_uttered")
    assert (await page.expect("bot_error"))["code"] == "malformed"
    await page.client.emit("user_uttered", ({"message": "two arguments", "id": "m-1"}, "junk"))
    assert await page.expect("turn_done") == {"id": "m-1"}
    assert [heard.text for heard in site.assistant.heard] == ["two arguments"]


@pytest.mark.asyncio
async def test_packets_that_are_no_events_leave_other_pages_served(site: Site) -> None:
    page = await site.open()
    await page.open_session()
    websocket = site.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    for packet in [
        '42["connect",{"HTTP_ACCEPT_LANGUAGE":["x"]}]',
        '42["disconnect","x"]',
        '42["session_request"]',
        "42[",
        '42{"a":1}',
        '42[{"a":1}]',
        "42[]",
        "49999",
        "451-",
        '451-["user_uttered",{"_placeholder":true,"num":9}]',
        "x",
    ]:
        async with aiohttp.ClientSession() as http, http.ws_connect(websocket) as raw:
            await raw.receive_str()
            await raw.send_str("40")
            await raw.receive_str()
            await raw.send_str(packet)
    await page.say("still there?", "m-1")
    assert await page.expect("turn_done") == {"id": "m-1"}


@pytest.mark.asyncio
async def test_half_a_surrogate_pair_is_replaced(site: Site) -> None:
    page = await site.open()
    await page.open_session()
    await page.say("to \ud83d Rome", "m-1")
    await page.expect("turn_done")
    assert site.assistant.heard[0].text == "to ? Rome"


@pytest.mark.asyncio
async def test_message_before_the_session_is_refused(site: Site) -> None:
    page = await site.open()
    await page.say("hello", "m-1")
    error = await page.expect("bot_error")
    assert (error["code"], error["id"]) == ("no_session", "m-1")
    assert site.assistant.heard == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("language", "text"),
    [("en-US", "Sorry, something"), ("de", "Entschuldigung"), ("es-MX", "Lo siento"), ("fr", "Sorry, something")],
)
async def test_turn_that_raises_says_so_and_is_done(
    site: Site, caplog: pytest.LogCaptureFixture, language: str, text: str
) -> None:
    page = await site.open(**{"Accept-Language": language})
    await page.open_session()
    await page.say("raise", "m-1")
    assert await page.expect("turn_done") == {"id": "m-1"}
    (error,) = page.named("bot_error")
    assert error["text"].startswith(text)
    assert (error["code"], error["id"]) == ("failed", "m-1")
    assert "RuntimeError" in caplog.text
    assert "must not reach the log" not in caplog.text


@pytest.mark.asyncio
async def test_message_sent_again_is_one_turn(site: Site) -> None:
    page = await site.open()
    session = await page.open_session()
    site.assistant.may_finish.clear()
    await page.say("hello", "m-1")
    await page.expect("bot_typing")

    back = await site.open()
    await back.open_session(session)
    await back.expect("bot_typing")  # the turn is still running
    await back.say("hello", "m-1")
    await back.expect("bot_typing")
    site.assistant.may_finish.set()
    assert await back.expect("turn_done") == {"id": "m-1"}
    await back.say("hello", "m-1")
    assert await back.expect("turn_done") == {"id": "m-1"}
    assert [heard.message_id for heard in site.assistant.heard] == ["m-1"]


@pytest.mark.asyncio
async def test_message_whose_turn_failed_may_be_sent_again(site: Site) -> None:
    page = await site.open()
    await page.open_session()
    for _ in range(2):
        await page.say("raise", "m-1")
        await page.expect("turn_done")
    assert len(site.assistant.heard) == 2


@pytest.mark.asyncio
async def test_reply_missed_while_disconnected_comes_after_reconnecting(site: Site) -> None:
    page = await site.open()
    session = await page.open_session()
    site.assistant.may_finish.clear()
    await page.say("hello", "m-1")
    await page.expect("bot_typing")
    await page.client.disconnect()
    site.assistant.may_finish.set()

    back = await site.open()
    await back.open_session(session)
    missed = await back.expect("bot_uttered")
    assert missed["text"] == "You said:\n\nhello"
    again = await site.open()
    await again.open_session(session)
    assert (await again.expect("bot_uttered"))["event_id"] == missed["event_id"]


@pytest.mark.asyncio
async def test_too_many_messages_at_once_are_refused(site: Site) -> None:
    page = await site.open()
    await page.open_session()
    site.assistant.may_finish.clear()
    for number in range(MAX_RUNNING_TURNS + 1):
        await page.say("hello", f"m-{number}")
    error = await page.expect("bot_error")
    assert (error["code"], error["id"]) == ("busy", f"m-{MAX_RUNNING_TURNS}")
    site.assistant.may_finish.set()
    for _ in range(MAX_RUNNING_TURNS):
        await page.expect("turn_done")
    assert len(site.assistant.heard) == MAX_RUNNING_TURNS


@pytest.mark.asyncio
async def test_output_channel_for_messages_that_no_user_message_asked_for(site: Site) -> None:
    page = await site.open()
    session = await page.open_session()
    output = site.channel.get_output_channel()
    cases: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
        (output.send_text_message, ("a\n\nb",), {"text": "a\n\nb"}),
        (output.send_text_with_buttons, ("a", [{"title": "b"}]), {"quick_replies": [{"title": "b", "payload": "b"}]}),
        (output.send_image_url, ("https://example.com/a.png",), {"image": "https://example.com/a.png"}),
        (output.send_custom_json, ({"type": "booking"},), {"custom": {"type": "booking"}}),
    ]
    for send, arguments, expected in cases:
        await send(session["session_id"], *arguments)
        event = await page.expect("bot_uttered")
        assert {key: event[key] for key in expected} == expected
    await output.send_response(session["session_id"], {"text": " "})
    assert len(page.named("bot_uttered")) == len(cases)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("{own}", 200),
        ("https://www.example.com", 200),
        ("https://evil.example", 400),
        ("https://www.example.com.evil.example", 400),
        ("null", 400),
    ],
)
async def test_origin_is_checked(site: Site, origin: str, status: int) -> None:
    headers = {"Origin": origin.format(own=site.url)}
    address = f"{site.url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as reply:
        assert reply.status == status
    websocket = address.replace("http", "ws", 1).replace("polling", "websocket")
    async with aiohttp.ClientSession() as http:
        if status == 200:
            async with http.ws_connect(websocket, headers=headers) as raw:
                assert "sid" in json.loads((await raw.receive_str())[1:])
        else:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(websocket, headers=headers)


@pytest.mark.parametrize(
    "arguments",
    [
        {"secret": "short"},
        {"origins": ["*"]},
        {"origins": ["www.example.com"]},
        {"origins": ["https://www.example.com/chat"]},
    ],
)
def test_unsafe_arguments_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"openssl rand|Write it as"):
        WebChat(**arguments)


def test_credentials_name_secret_and_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKYCAP_WEB_SECRET", raising=False)
    channel = WebChat.from_credentials({"secret": SECRET, "origins": "https://a.example, https://b.example:8443/"})
    assert channel._is_allowed_origin("https://a.example", {})
    assert channel._is_allowed_origin("https://b.example:8443", {})
    assert not channel._is_allowed_origin("https://c.example", {"HTTP_HOST": "a.example"})
    assert not channel._is_allowed_origin(None, {})
    assert isinstance(WebChat.from_credentials(None), WebChat)
    with pytest.raises(ValueError, match="secrt"):
        WebChat.from_credentials({"secrt": SECRET})


def test_tokens_of_the_same_secret_outlive_the_process() -> None:
    session_id, token = SessionTokens(SECRET).issue()
    assert SessionTokens(SECRET).are_valid(session_id, token)
    assert not SessionTokens("").are_valid(session_id, token)
    assert SessionTokens("").issue() != SessionTokens("").issue()


def test_idle_and_surplus_sessions_are_forgotten() -> None:
    now = 0.0
    live = LiveSessions(idle_seconds=60, limit=3, clock=lambda: now)
    first = live.get("first")
    first.done.append("m-1")
    now = 59.0
    assert live.get("first") is first
    now = 118.0
    live.get("second")
    assert live.get("first") is first
    now = 178.5
    live.get("third")
    assert len(live) == 1
    assert live.get("first") is not first
    for name in "abcdef":
        live.get(name)
    assert len(live) == 3
