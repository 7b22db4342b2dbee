"""Every door of a server, and how a personal value is said there. Each function says one value at one door."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from urllib.parse import quote

import socketio

from tests.e2e.watched import TOKEN, WatchedServer

WEBHOOK = "/webhooks/rest/webhook"


def send(server: WatchedServer, path: str, content: object) -> tuple[int, str]:
    return server.post(path, json.dumps(content, ensure_ascii=False).encode())


def api(server: WatchedServer, path: str, content: object, **query: str) -> tuple[int, str]:
    """Call Rasa's HTTP API."""
    asked = "".join(f"&{name}={quote(value)}" for name, value in query.items())
    return send(server, f"{path}?token={quote(TOKEN)}{asked}", content)


def by_rest(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    send(server, WEBHOOK, {"sender": sender, "message": sentence})


def by_metadata(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    metadata = {"from": value, value: [{"deep": sentence}]}
    send(server, WEBHOOK, {"sender": sender, "message": "hello", "metadata": metadata})


def by_malformed_json(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    server.post(WEBHOOK, f'{{"sender": "{sender}", "message": "{sentence}"'.encode())
    send(server, WEBHOOK, {"sender": {"is": value}, "message": sentence})
    send(server, WEBHOOK, {"sender": f"{value} {sentence}", "message": [sentence]})
    server.get(f"/nothing?said={quote(sentence)}")


def by_malformed_api(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    token = f"?token={quote(TOKEN)}"
    server.post(f"/model/parse{token}", f'{{"text": "{sentence}"'.encode())
    server.post(f"/conversations/{sender}/messages{token}", f'["{sentence}"'.encode())
    api(server, f"/conversations/{sender}/messages", {"text": sentence, "sender": sentence})
    api(server, f"/conversations/{sender}/tracker/events", {"event": sentence, "text": sentence})
    api(server, f"/conversations/{sender}/execute", {"name": sentence})
    api(server, f"/conversations/{sender}/trigger_intent", {"name": sentence})
    api(server, "/model/parse", {"text": {"is": sentence}})


def by_api_message(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    api(server, f"/conversations/{sender}/messages", {"text": sentence, "sender": "user"})
    api(server, "/model/parse", {"text": sentence, "message_id": value})


def by_api_event(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    said = {"event": "user", "text": sentence, "metadata": {"said": value}, "message_id": value}
    said["parse_data"] = {"text": sentence, "entities": [{"entity": "city", "value": value}], "metadata": {"is": value}}
    api(server, f"/conversations/{sender}/tracker/events", said)
    for slot in ("contact_email", "origin", "remarks"):
        filled = {"event": "slot", "name": slot, "value": sentence}
        api(server, f"/conversations/{sender}/tracker/events", filled)


def by_button(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    """A button that was shown, pressed, and asked for again; its title and what it sends hold the value."""
    buttons = [{"title": sentence, "payload": f"use {sentence}"}, {"title": "No", "payload": "/deny"}]
    shown = {"event": "bot", "text": f"Shall I use this: {sentence}?", "data": {"buttons": buttons}}
    api(server, f"/conversations/{sender}/tracker/events", shown)
    pressed = {"sender": sender, "message": f'/inform{{"contact_email": "{sentence}"}}', "title": sentence}
    send(server, WEBHOOK, {**pressed, "payload": sentence, "metadata": {"button": {"title": value}}})
    send(server, WEBHOOK, {"sender": sender, "message": "say that again"})


def by_trigger(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    api(server, f"/conversations/{sender}/trigger_intent", {"name": "inform", "entities": {"city": sentence}})


def at_the_desk(server: WatchedServer, sender: str, value: str, sentence: str) -> None:
    """Said to a person; those who wait already ask again."""
    send(server, WEBHOOK, {"sender": sender, "message": "a person please"})
    by_rest(server, sender, value, sentence)


Door = Callable[[WatchedServer, str, str, str], None]
DOORS: dict[str, Door] = {
    "REST": by_rest,
    "metadata": by_metadata,
    "malformed JSON": by_malformed_json,
    "malformed API calls": by_malformed_api,
    "API messages": by_api_message,
    "API events": by_api_event,
    "buttons": by_button,
    "triggered intents": by_trigger,
    "desk": at_the_desk,
}


async def by_chat(server: WatchedServer, values: list[tuple[str, str]]) -> None:
    """Say the sentences on the chat page, as text, as pressed buttons, as ids and as things it does not know."""
    client = socketio.AsyncSimpleClient()
    await client.connect(server.url, transports=["websocket"])
    await client.emit("session_request", {})
    assert (await client.receive(timeout=30))[0] == "session_confirm"
    for value, sentence in values:
        await client.emit("user_uttered", {"message": {"is": sentence}, "id": value})
        await client.emit(value, sentence)
        pressed = {"message": sentence, "id": uuid.uuid4().hex, "title": value, "payload": sentence}
        await client.emit("user_uttered", pressed)
        while (await client.receive(timeout=60))[0] != "turn_done":
            pass
    await client.disconnect()


async def knock(server: WatchedServer, values: list[tuple[str, str]]) -> None:
    """Say each value at one door, at each door about as many, in conversations of several doors."""
    doors, by_page = [*DOORS.values()], []
    for number, (value, sentence) in enumerate(values):
        at = number % (len(doors) + 1)
        if at == len(doors):
            by_page.append((value, sentence))
        else:
            sender = "desk" if doors[at] is at_the_desk else "canary"
            doors[at](server, f"{sender}{number // 12}x", value, sentence)
    await by_chat(server, by_page)
