"""Callers of `make bench`: one at a time, several at once, or at a given rate, all over the REST channel.

Each call is timed where the traveller is, from the message to the whole answer. A traveller has a connection of their
own for as long as they talk. One thread and little work per call (uvloop and httptools, which come with Sanic): callers
share the cores with the server, so what they use is measured too (`Load.cpu_seconds`).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httptools
import uvloop

from benchmarks.bench_talks import Talk

APOLOGY = "isn't working"  # utter_trouble, quick as it may be, is no answer
ANSWER_SECONDS = 30.0
OPEN_TALKS = 24  # at a given rate: so many travellers are in the middle of something
MOST_AT_ONCE = 256


@dataclass(frozen=True)
class Turn:
    """One message and its answer. `at` is when the answer came, in seconds of the monotonic clock."""

    text: str
    replies: tuple[dict[str, Any], ...]
    seconds: float
    at: float

    @property
    def failed(self) -> bool:
        """Whether nothing came back, or our apology for a turn that broke."""
        return not self.replies or any(APOLOGY in (reply.get("text") or "") for reply in self.replies)


@dataclass(frozen=True)
class Load:
    """What many callers saw: the turns answered between `begin` and `end` (monotonic seconds).

    `cpu_seconds` is what the callers themselves used for `calls` messages.
    """

    turns: tuple[Turn, ...]
    begin: float
    end: float
    cpu_seconds: float = 0.0
    calls: int = 0

    @property
    def rate(self) -> float:
        """Answered turns a second."""
        return sum(not turn.failed for turn in self.turns) / (self.end - self.begin)

    @property
    def caller_microseconds(self) -> float:
        """Microseconds of CPU that one call took on the side of the callers."""
        return 1e6 * self.cpu_seconds / max(1, self.calls)


class Caller(asyncio.Protocol):
    """One connection that is kept open, to one server; one message at a time."""

    def __init__(self, url: str, calls: Calls | None = None) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port
        self._head = (
            f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self._calls = calls if calls is not None else Calls()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    async def say(self, sender: str, text: str, *, since: float | None = None) -> float:
        """Send one message; the time runs from `since` where it is given. Returns when the answer was there."""
        started = time.monotonic() if since is None else since
        body = json.dumps({"sender": sender, "message": text})  # ASCII
        answer = b""
        try:
            if self._transport is None:
                await asyncio.get_running_loop().create_connection(lambda: self, self._host, self._port)
            loop = asyncio.get_running_loop()
            self._answer, self._body = loop.create_future(), []
            patience = loop.call_later(ANSWER_SECONDS, self.close)
            self._transport.write(f"{self._head}{len(body)}\r\n\r\n{body}".encode())
            answer = await self._answer
            patience.cancel()
        except OSError:
            self.close()  # the next message opens it again
        now = time.monotonic()
        self._calls.add(text, answer, now - started, now)
        return now

    def close(self) -> None:
        """Hang up; who waits for an answer gets none."""
        if self._transport is not None:
            self._transport.close()
        self.connection_lost(None)

    # What the event loop calls, and below what the parser calls.

    def connection_made(self, transport: Any) -> None:
        self._transport, self._parser = transport, httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._finish(b"")

    def on_body(self, data: bytes) -> None:
        self._body.append(data)

    def on_message_complete(self) -> None:
        keep_alive = self._parser.should_keep_alive()
        self._finish(b"".join(self._body) if self._parser.get_status_code() == 200 else b"")
        if not keep_alive:
            self.close()

    def _finish(self, answer: bytes) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)


@dataclass
class Calls:
    """What was said and answered, unread: reading JSON is left for after the load."""

    _raw: list[tuple[str, bytes, float, float]] = field(default_factory=list)

    def add(self, text: str, answer: bytes, seconds: float, at: float) -> None:
        self._raw.append((text, answer, seconds, at))

    def turns(self) -> list[Turn]:
        """All of them, in the order in which they were answered."""
        return [Turn(text, _read(answer), seconds, at) for text, answer, seconds, at in self._raw]


def _read(answer: bytes) -> tuple[dict[str, Any], ...]:
    try:
        return tuple(json.loads(answer)) if answer else ()
    except ValueError:
        return ()


def once(url: str, sender: str, text: str) -> Turn:
    """Say one thing over a new connection."""
    return alone(url, [Talk("once", (text,))], sender, most_seconds=ANSWER_SECONDS)[0][0]


def alone(url: str, talks: Sequence[Talk], name: str, *, most_seconds: float) -> list[list[Turn]]:
    """Hold the talks one after the other; those that have not begun after `most_seconds` are left out."""
    until = time.monotonic() + most_seconds
    held: list[Calls] = []

    async def hold() -> None:
        for number, talk in enumerate(talks):
            if time.monotonic() > until:
                return
            held.append(Calls())
            caller = Caller(url, held[-1])
            for text in talk.messages:
                await caller.say(f"{name}-{number}", text)
            caller.close()

    uvloop.run(hold())
    return [calls.turns() for calls in held]


def saturated(url: str, talks: Iterator[Talk], name: str, *, callers: int, seconds: float, ramp_seconds: float) -> Load:
    """Let several callers talk without a pause; what the first `ramp_seconds` bring does not count."""
    begin = time.monotonic() + ramp_seconds
    end = begin + seconds
    calls, numbers = Calls(), itertools.count()

    async def call() -> None:
        while time.monotonic() < end:
            caller, sender = Caller(url, calls), f"{name}-{next(numbers)}"
            for text in next(talks).messages:
                if await caller.say(sender, text) > end:
                    break
            caller.close()

    async def everyone() -> None:
        await asyncio.gather(*(call() for _ in range(callers)))

    return _load(everyone, calls, begin, end, answered_in_time=True)


def at_rate(
    url: str,
    talks: Iterator[Talk],
    name: str,
    *,
    rate: float,
    seconds: float,
    over: threading.Event | None = None,
    seed: int = 1,
) -> Load:
    """Send messages at random moments, `rate` a second on average, whether or not the server keeps up.

    The time of a turn runs from the moment it was due, so waiting for a busy server counts, and a server that stops
    for a second is charged with everyone who would have spoken in it (no coordinated omission). Ends
    early when `over` is set.
    """
    random, numbers = Random(seed), itertools.count()
    calls, under_way = Calls(), set()
    idle: deque[tuple[str, Iterator[str], Caller]] = deque()
    begin = time.monotonic()

    def opened() -> tuple[str, Iterator[str], Caller]:
        return f"{name}-{next(numbers)}", iter(next(talks).messages), Caller(url, calls)

    async def send(text: str, due: float, talk: tuple[str, Iterator[str], Caller], room: asyncio.Semaphore) -> None:
        async with room:
            await talk[2].say(talk[0], text, since=due)
        idle.append(talk)

    async def everyone() -> None:
        room, due = asyncio.Semaphore(MOST_AT_ONCE), begin
        idle.extend(opened() for _ in range(OPEN_TALKS))
        while (due := due + random.expovariate(rate)) < begin + seconds and not (over and over.is_set()):
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
            talk = idle.popleft() if idle else opened()
            text = next(talk[1], None)
            if text is None:
                talk[2].close()
                talk = opened()
                text = next(talk[1])
            task = asyncio.ensure_future(send(text, due, talk, room))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)
        for _, _, caller in idle:
            caller.close()

    return _load(everyone, calls, begin, begin + seconds)


def _load(
    work: Callable[[], Awaitable[None]], calls: Calls, begin: float, end: float, *, answered_in_time: bool = False
) -> Load:
    used = time.process_time()
    uvloop.run(work())
    used = time.process_time() - used
    turns = calls.turns()
    counted = [turn for turn in turns if begin <= turn.at <= end] if answered_in_time else turns
    return Load(tuple(counted), begin, end, used, len(turns))
