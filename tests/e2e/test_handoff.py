"""A traveller on the chat page and a person at a terminal, with the real server between them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
import socketio

from benchmarks.server import ServerProcess
from skycap.settings import ROOT

WAIT_SECONDS = 30.0


class Visitor:
    """The chat page's end of the wire: every reply in its order, and whose turn is done."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.session: dict[str, str] = {}
        self._replies: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._seen: set[str] = set()
        self._done: asyncio.Queue[str] = asyncio.Queue()

    async def open(self) -> None:
        """Open the page, with the session it had before if any."""
        confirmed: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("session_confirm", lambda session: confirmed.done() or confirmed.set_result(session))
        self.client.on("bot_uttered", self._keep)
        self.client.on("turn_done", lambda turn: self._done.put_nowait(turn["id"]))
        await self.client.connect(self.server.url, transports=["websocket"])
        await self.client.emit("session_request", self.session)
        self.session = await asyncio.wait_for(confirmed, WAIT_SECONDS)

    async def close(self) -> None:
        await self.client.disconnect()

    def _keep(self, reply: dict[str, Any]) -> None:
        if reply["event_id"] not in self._seen:  # as the page does
            self._seen.add(reply["event_id"])
            self._replies.put_nowait(reply)

    async def say(self, text: str) -> list[str]:
        """Say it; returns the replies of the turn."""
        await self.client.emit("user_uttered", {"message": text, "id": uuid.uuid4().hex})
        await asyncio.wait_for(self._done.get(), WAIT_SECONDS)
        return [self._replies.get_nowait()["text"] for _ in range(self._replies.qsize())]

    async def hear(self) -> dict[str, Any]:
        """The next thing said without being asked."""
        return await asyncio.wait_for(self._replies.get(), WAIT_SECONDS)


def desk(server: ServerProcess, *arguments: str) -> str:
    """Run `skycap handoffs …` as the person at the terminal does; returns what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYCAP_")}
    environment["SKYCAP_DATABASE_URL"] = server.settings["database_url"]
    command = [sys.executable, "-m", "skycap.cli", "handoffs", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest_asyncio.fixture
async def visitor(server: ServerProcess) -> AsyncIterator[Visitor]:
    visitor = Visitor(server)
    await visitor.open()
    yield visitor
    await visitor.close()


def number_of(server: ServerProcess) -> str:
    return desk(server, "list").splitlines()[-1].split()[0]


async def ask_for_a_person(visitor: Visitor) -> str:
    await visitor.say("I want to fly from Berlin to Rome")
    (said,) = await visitor.say("a person please")
    assert "in line" in said
    return number_of(visitor.server)


async def test_a_person_answers_from_the_terminal_and_the_booking_goes_on(server, visitor) -> None:
    number = await ask_for_a_person(visitor)
    assert await visitor.say("my cat is ill, may she fly?") == []
    assert "Traveller: my cat is ill" in desk(server, "take", number, "--as", "Ann")
    here = await visitor.hear()
    assert "Ann" in here["text"] and here["with_person"] == "Ann" and "spoken_by" not in here
    desk(server, "say", number, "Ask your vet first, please.")
    answer = await visitor.hear()
    assert (answer["text"], answer["spoken_by"]) == ("Ask your vet first, please.", "Ann")
    assert await visitor.say("thanks Ann, next Friday") == []
    desk(server, "close", number)
    left, question = await visitor.hear(), await visitor.hear()
    assert "Ann has left" in left["text"] and "with_person" not in left
    assert "leave?" in question["text"] and question["quick_replies"]
    (reply,) = await visitor.say("next Friday")
    assert "return" in reply or "come back" in reply
    assert "closed by the agent" in desk(server, "show", number)


async def test_a_page_that_was_closed_hears_the_person_when_it_opens_again(server, visitor) -> None:
    number = await ask_for_a_person(visitor)
    desk(server, "take", number, "--as", "Ann")
    await visitor.hear()
    await visitor.close()
    desk(server, "say", number, "Are you still there?")
    await asyncio.sleep(2.5)
    assert "not delivered yet" in desk(server, "show", number)
    await visitor.open()
    assert (await visitor.hear())["text"] == "Are you still there?"
    assert "back with me" in (await visitor.say("back to Skycap"))[0]


async def test_a_killed_server_keeps_the_queue_the_silence_and_the_words(server, visitor) -> None:
    number = await ask_for_a_person(visitor)
    desk(server, "take", number, "--as", "Ann")
    await visitor.hear()
    server.kill()
    await visitor.close()
    desk(server, "say", number, "One moment, please.")
    server.start()
    await visitor.open()
    heard = (await visitor.hear())["text"]
    if "talking to Ann" in heard:  # killed between telling and saving: told at least once
        heard = (await visitor.hear())["text"]
    assert heard == "One moment, please."
    assert await visitor.say("I am here") == []
    assert "Traveller: I am here" in desk(server, "show", number)
    assert "leave?" in " ".join(await visitor.say("back to the bot"))
