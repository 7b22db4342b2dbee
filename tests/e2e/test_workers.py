"""Two workers of one server: one conversation lands in both, one of them dies, the model changes under load."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from benchmarks.server import ServerProcess
from skycap.settings import ROOT
from tests.e2e.processes import Line, lines_to_each, worker_pids

SMALL = ROOT / "tests/e2e/small_model"
TALK = ("hello", "a flight to Oslo", "good morning", "flights from Lisbon please")
SECONDS = 240.0  # for what takes five on a quiet machine


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small model, the same one again, and half of it."""
    where = tmp_path_factory.mktemp("archives")
    names = {"domain": "domain.yml", "config": "config.yml", "data": "data.yml"}
    files = [part for name, file in names.items() for part in (f"--{name}", str(SMALL / file))]
    train = [sys.executable, "-m", "rasa", "train", *files, "--out", str(where), "--fixed-model-name", "first"]
    subprocess.run(train, cwd=ROOT, check=True, capture_output=True)
    found = {name: where / f"{name}.tar.gz" for name in ("first", "second", "corrupt")}
    shutil.copy(found["first"], found["second"])
    found["corrupt"].write_bytes(found["first"].read_bytes()[:2_000])
    return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, archives: dict[str, Path]) -> Iterator[ServerProcess]:
    """A server with two workers."""
    with ServerProcess(tmp_path_factory.mktemp("pair"), workers="2", model=str(archives["first"])) as process:
        yield process


@pytest.fixture
def sender() -> str:
    """The name of somebody new."""
    return f"e2e-{uuid.uuid4().hex[:12]}"


@contextmanager
def turns_held_up(server: ServerProcess) -> Iterator[None]:
    """Inside, no turn is stored; those that begin wait in their middle."""
    with closing(sqlite3.connect(server.directory / "conversations.db", timeout=30, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield


def turns_of(server: ServerProcess, sender: str) -> int:
    """How many turns of a conversation are stored."""
    with closing(sqlite3.connect(server.directory / "conversations.db", timeout=30)) as database:
        return database.execute("SELECT count(*) FROM turns WHERE conversation_id = ?", (sender,)).fetchone()[0]


def until(condition: Any, what: str) -> None:
    """Wait for it."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def use(server: ServerProcess, archive: Path) -> subprocess.CompletedProcess[str]:
    """`skycap model use ARCHIVE` beside this server."""
    command = [sys.executable, "-m", "skycap.cli", "model", "use", str(archive)]
    return subprocess.run(command, env=server.environment(), cwd=ROOT, capture_output=True, text=True)


class Talking:
    """Travellers who talk without a pause, each over a connection of their own, until the block ends."""

    def __init__(self, server: ServerProcess, travellers: int = 4) -> None:
        self._over, self.answered, self.failed = threading.Event(), 0, []
        self._server = server
        self._threads = [threading.Thread(target=self._talk, args=(number,)) for number in range(travellers)]

    def _talk(self, number: int) -> None:
        line, turn = Line(self._server, worker_pids(self._server)), 0
        while not self._over.is_set():
            try:
                said = line.say(f"talker-{number}-{turn // len(TALK)}", TALK[turn % len(TALK)])
                assert said and "isn't working" not in said, said
                self.answered += 1
            except (OSError, HTTPException, AssertionError) as error:
                self.failed.append(error)
            turn += 1
        line.close()

    def __enter__(self) -> Talking:
        for each in self._threads:
            each.start()
        until(lambda: self.answered > 8, "nobody is answered")
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join()


def test_a_conversation_goes_on_in_whichever_worker_its_messages_land(pair: ServerProcess, sender: str) -> None:
    lines = lines_to_each(pair)
    assert len(lines) == 2
    replies = [lines[number % 2].say(sender, TALK[number % 4]) for number in range(8)]
    assert replies == ["Hello.", "Where to?"] * 4
    assert turns_of(pair, sender) == 8
    for each in lines:
        each.close()


def test_a_burst_over_both_workers_is_answered_whole(pair: ServerProcess, sender: str) -> None:
    lines = [line for _ in range(5) for line in lines_to_each(pair)]
    with ThreadPoolExecutor(len(lines)) as threads:
        replies = list(threads.map(lambda line: line.say(sender, "hello"), lines))
    assert replies == ["Hello."] * 10
    assert turns_of(pair, sender) == 10
    for each in lines:
        each.close()


def test_a_message_whose_worker_was_killed_is_answered_once_when_it_comes_again(
    pair: ServerProcess, sender: str
) -> None:
    lines, answered = lines_to_each(pair), []

    def say_it() -> None:
        with suppress(OSError, HTTPException):
            answered.append(lines[0].say(sender, "hello"))

    with turns_held_up(pair):
        saying = threading.Thread(target=say_it)
        saying.start()
        time.sleep(1.0)
        os.kill(lines[0].pid, signal.SIGKILL)
        saying.join()
    assert answered == []
    assert lines[1].say(sender, "hello") == "Hello."
    assert turns_of(pair, sender) == 1
    until(lambda: len(worker_pids(pair)) == 2, "nobody took the place of the worker")
    assert lines[0].pid not in worker_pids(pair)
    for each in lines:
        each.close()


def test_the_model_changes_under_load_and_no_turn_fails(pair: ServerProcess, archives: dict[str, Path]) -> None:
    before = worker_pids(pair)
    with Talking(pair) as talking:
        changed = use(pair, archives["second"])
        answered = talking.answered
        until(lambda: not before & worker_pids(pair), "the workers before are still there")
        until(lambda: talking.answered > answered + 8, "nobody is answered any more")
    assert (changed.returncode, changed.stdout) == (0, "The model second.tar.gz serves now.\n"), changed.stderr
    assert talking.failed == []
    assert len(worker_pids(pair)) == 2


def test_a_corrupt_model_is_refused_and_the_one_before_goes_on(pair: ServerProcess, archives: dict[str, Path]) -> None:
    before = worker_pids(pair)
    with Talking(pair) as talking:
        refused = use(pair, archives["corrupt"])
    assert refused.returncode == 1
    assert "corrupt.tar.gz cannot be loaded" in refused.stderr and "The one before goes on." in refused.stderr
    assert talking.failed == []
    assert worker_pids(pair) == before


def test_a_signal_brings_the_newest_model(pair: ServerProcess) -> None:
    before = worker_pids(pair)
    os.kill(pair.processes[pair.COMMAND], signal.SIGHUP)
    until(lambda: not before & worker_pids(pair), "the workers before are still there")
    until(lambda: "The model first.tar.gz serves now." in pair.log_end(), "the change is not told")


def test_who_asks_where_no_server_is_hears_so(tmp_path: Path, archives: dict[str, Path]) -> None:
    nobody = use(ServerProcess(tmp_path), archives["second"])
    assert nobody.returncode == 1
    assert "No server answers on port" in nobody.stderr


def test_a_server_that_is_told_to_stop_finishes_what_it_is_at(pair: ServerProcess, sender: str) -> None:
    replies: list[dict[str, Any]] = []
    saying = threading.Thread(target=lambda: replies.extend(pair.say(sender, "hello")))
    with turns_held_up(pair):
        saying.start()
        time.sleep(1.0)
        os.kill(pair.processes[pair.COMMAND], signal.SIGTERM)
        time.sleep(0.5)
    saying.join()
    assert [each["text"] for each in replies] == ["Hello."]
    until(lambda: not worker_pids(pair), "the server goes on")
