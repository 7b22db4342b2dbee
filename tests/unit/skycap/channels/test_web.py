"""The web chat channel: sessions, messages, replies, failures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from skycap.channels.web import MAX_RUNNING_TURNS, MAX_TEXT_CHARACTERS, WebChat
from skycap.channels.web_sessions import SessionTokens

SECRET = "a secret of the tests, long enough"


@pytest.mark.asyncio
async def test_address_and_name_are_those_of_rasas_socketio(site: Any) -> None:
    assert site.channel.name() == "socketio"
    async with aiohttp.ClientSession() as http, http.get(f"{site.url}/webhooks/socketio/") as reply:
        assert await reply.json() == {"status": "ok"}


@pytest.mark.asyncio
async def test_one_reply_is_one_event_with_text_buttons_custom_and_image(site: Any) -> None:
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
async def test_the_browsers_first_language_that_we_speak_is_the_hint(site: Any) -> None:
    page = await site.open(**{"Accept-Language": "fr-CH, fr;q=0.9, es;q=0.8, de;q=0.7"})
    await page.open_session()
    await page.say("Berlin", "m-1")
    await page.expect("turn_done")
    assert site.assistant.heard[0].metadata["locale"] == "es"


@pytest.mark.asyncio
async def test_session_continues_on_another_page_only_with_its_token(site: Any) -> None:
    first, second = await site.open(), await site.open()
    session = await first.open_session()
    assert await second.open_session(session) == session
    await first.say("hello", "m-1")
    assert (await second.expect("bot_uttered"))["text"] == "You said:\n\nhello"


@pytest.mark.asyncio
async def test_wrong_or_missing_proof_gives_a_new_session_that_hears_nothing(site: Any) -> None:
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
async def test_starting_over_leaves_the_old_session(site: Any) -> None:
    page, other = await site.open(), await site.open()
    old = await page.open_session()
    await other.open_session(old)
    assert await page.open_session() != old
    await other.say("hello", "m-1")
    await other.expect("turn_done")
    assert page.named("bot_uttered") == []


@pytest.mark.asyncio
async def test_malformed_messages_get_an_error_and_the_next_message_is_heard(site: Any) -> None:
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
async def test_half_a_surrogate_pair_is_replaced(site: Any) -> None:
    page = await site.open()
    await page.open_session()
    await page.say("to \ud83d Rome", "m-1")
    await page.expect("turn_done")
    assert site.assistant.heard[0].text == "to ? Rome"


@pytest.mark.asyncio
async def test_message_before_the_session_is_refused(site: Any) -> None:
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
    site: Any, caplog: pytest.LogCaptureFixture, language: str, text: str
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
async def test_message_sent_again_is_one_turn(site: Any) -> None:
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
async def test_message_whose_turn_failed_may_be_sent_again(site: Any) -> None:
    page = await site.open()
    await page.open_session()
    for _ in range(2):
        await page.say("raise", "m-1")
        await page.expect("turn_done")
    assert len(site.assistant.heard) == 2


@pytest.mark.asyncio
async def test_reply_missed_while_disconnected_comes_after_reconnecting(site: Any) -> None:
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
async def test_too_many_messages_at_once_are_refused(site: Any) -> None:
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
async def test_output_channel_for_messages_that_no_user_message_asked_for(site: Any) -> None:
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


@pytest.mark.asyncio
async def test_a_person_reaches_an_open_page_by_name_and_a_closed_one_not_at_all(site: Any) -> None:
    page = await site.open()
    session_id = (await page.open_session())["session_id"]
    output = site.channel.get_output_channel()
    assert output.reaches(session_id) and not output.reaches("somebody else")
    await output.send_response(session_id, {"text": "Hello", "spoken_by": "Ann", "with_person": "Ann"})
    said = await page.expect("bot_uttered")
    assert (said["text"], said["spoken_by"], said["with_person"]) == ("Hello", "Ann", "Ann")
    await page.client.disconnect()
    await asyncio.sleep(0.1)
    assert not output.reaches(session_id)
