"""Callers of `make bench`: one at a time, several at once, or at a given rate, all over the REST channel.

Each call is timed where the traveller is, from the message to the whole answer. Threads with a connection each; the
programs measured are processes of their own.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

from benchmarks.bench_talks import Talk

ANSWER_SECONDS = 30.0
OPEN_TALKS = 24  # at a given rate: so many travellers are in the middle of something
MOST_AT_ONCE = 64


@dataclass(frozen=True)
class Turn:
    """One message and its answer. `at` is when the answer came, in seconds of the monotonic clock."""

    text: str
    replies: tuple[dict[str, Any], ...]
    seconds: float
    at: float

    @property
    def failed(self) -> bool:
        """Whether nothing came back."""
        return not self.replies


class Caller:
    """One connection that is kept open, to one server."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_SECONDS)

    def say(self, sender: str, text: str, *, since: float | None = None) -> Turn:
        """Send one message; the time runs from `since` where it is given. A failure is a turn without replies."""
        started = time.monotonic() if since is None else since
        body = json.dumps({"sender": sender, "message": text})
        replies: list[dict[str, Any]] = []
        try:
            self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            content = answer.read()
            if answer.status == 200:
                replies = json.loads(content)
        except (OSError, http.client.HTTPException, ValueError):
            self._connection.close()  # the next request opens it again
        now = time.monotonic()
        return Turn(text, tuple(replies), now - started, now)

    def close(self) -> None:
        self._connection.close()


def alone(url: str, talks: Sequence[Talk], name: str, *, most_seconds: float) -> list[list[Turn]]:
    """Hold the talks one after the other; those that have not begun after `most_seconds` are left out."""
    until = time.monotonic() + most_seconds
    caller, held = Caller(url), []
    for number, talk in enumerate(talks):
        if time.monotonic() > until:
            break
        held.append([caller.say(f"{name}-{number}", text) for text in talk.messages])
    caller.close()
    return held


@dataclass(frozen=True)
class Load:
    """What many callers saw: the turns answered between `begin` and `end` (monotonic seconds)."""

    turns: tuple[Turn, ...]
    begin: float
    end: float

    @property
    def rate(self) -> float:
        """Answered turns a second."""
        return sum(not turn.failed for turn in self.turns) / (self.end - self.begin)


def saturated(url: str, talks: Iterator[Talk], name: str, *, callers: int, seconds: float, ramp_seconds: float) -> Load:
    """Let several callers talk without a pause; what the first `ramp_seconds` bring does not count."""
    begin = time.monotonic() + ramp_seconds
    end = begin + seconds
    lock, numbers = threading.Lock(), itertools.count()

    def call() -> list[Turn]:
        caller, turns = Caller(url), []
        while time.monotonic() < end:
            with lock:
                talk, number = next(talks), next(numbers)
            for text in talk.messages:
                turns.append(caller.say(f"{name}-{number}", text))
                if turns[-1].at > end:
                    break
        caller.close()
        return turns

    with ThreadPoolExecutor(callers) as pool:
        done = [each.result() for each in [pool.submit(call) for _ in range(callers)]]
    counted = tuple(turn for turns in done for turn in turns if begin <= turn.at <= end)
    return Load(counted, begin, end)


def at_rate(url: str, talks: Iterator[Talk], name: str, *, rate: float, seconds: float, seed: int = 1) -> Load:
    """Send messages at random moments, `rate` a second on average, whether or not the server keeps up.

    The time of a turn runs from the moment it was due, so waiting for a busy server counts.
    """
    random, numbers = Random(seed), itertools.count()
    idle: deque[tuple[str, Iterator[str]]] = deque()
    turns: list[Turn] = []
    local = threading.local()
    callers: list[Caller] = []

    def opened() -> tuple[str, Iterator[str]]:
        return f"{name}-{next(numbers)}", iter(next(talks).messages)

    def send(sender: str, text: str, rest: Iterator[str], due: float) -> None:
        if not hasattr(local, "caller"):
            local.caller = Caller(url)
            callers.append(local.caller)
        turns.append(local.caller.say(sender, text, since=due))
        idle.append((sender, rest))

    idle.extend(opened() for _ in range(OPEN_TALKS))
    begin = due = time.monotonic()
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        while (due := due + random.expovariate(rate)) < begin + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            sender, rest = idle.popleft() if idle else opened()
            text = next(rest, None)
            if text is None:
                sender, rest = opened()
                text = next(rest)
            pool.submit(send, sender, text, rest, due)
    for caller in callers:
        caller.close()
    return Load(tuple(turns), begin, begin + seconds)
