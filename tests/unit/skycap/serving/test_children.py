"""Forked processes say that they are ready or why not, are noticed when they end, and die with their parent."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from skycap.serving.agent import CannotServe
from skycap.serving.children import FORK, STOP, Child, Signals, end_all, heard


def wait_here(says: Connection) -> None:
    says.send(True)
    signal.pause()


def refuse(says: Connection, why: str) -> None:
    raise CannotServe(why)


def hear_all(child: Child) -> None:
    while not child.has_ended:
        assert heard(child, timeout=30) == [child]
        child.hear()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_says_that_it_is_ready_and_ends_when_told() -> None:
    child = Child(wait_here)
    assert heard(child, timeout=30) == [child]
    child.hear()
    assert child.is_ready and not child.has_ended
    end_all([child], STOP)
    assert child.has_ended and child.end == "by SIGTERM"
    child.send(STOP)  # to nobody


def test_a_child_says_why_it_cannot_serve() -> None:
    child = Child(refuse, "there is no model")
    hear_all(child)
    assert (child.is_ready, child.refusal, child.end) == (False, "there is no model", "with status 1")


def test_a_child_that_is_killed_is_noticed_and_its_sibling_lives_on() -> None:
    one, other = Child(wait_here), Child(wait_here)
    for each in (one, other):
        each.hear()
    os.kill(one.pid, signal.SIGKILL)
    assert heard(one, other, timeout=30) == [one]
    one.hear()
    assert one.has_ended and one.end == "by SIGKILL"
    assert is_running(other.pid)
    end_all([other], STOP)


def test_children_and_theirs_die_with_their_parent() -> None:
    pids = FORK.SimpleQueue()

    def lead(says: Connection) -> None:
        child = Child(wait_here)
        child.hear()
        pids.put(child.pid)
        says.send(True)
        signal.pause()

    def supervise() -> None:
        child = Child(lead)
        child.hear()
        pids.put(child.pid)
        signal.pause()

    supervisor = FORK.Process(target=supervise)
    supervisor.start()
    below = [pids.get(), pids.get()]
    assert all(map(is_running, below))
    supervisor.kill()
    supervisor.join()
    until = time.monotonic() + 10
    while any(map(is_running, below)):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_signals_are_waited_for_beside_children() -> None:
    said = FORK.SimpleQueue()

    def watch() -> None:
        signals, child = Signals(signal.SIGHUP, signal.SIGTERM), Child(wait_here)
        child.hear()
        said.put(None)
        named = heard(signals, child, timeout=30)
        said.put((named == [signals], signals.caught()))
        end_all([child], STOP)

    watcher = FORK.Process(target=watch)
    watcher.start()
    said.get()
    os.kill(watcher.pid or 0, signal.SIGHUP)
    assert said.get() == (True, [signal.SIGHUP])
    watcher.join()


def test_ctrl_c_is_the_parents_affair() -> None:
    child = Child(wait_here)
    child.hear()
    os.kill(child.pid, signal.SIGINT)
    assert heard(child, timeout=0.3) == []
    end_all([child], STOP)


@pytest.fixture(autouse=True)
def _no_one_is_left() -> None:
    before = set(FORK.active_children())
    yield
    assert set(FORK.active_children()) <= before
