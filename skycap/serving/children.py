"""Forked processes: what they say, that they ended, and signals to this one, all waited for together.

Under `supervisor.py` and `generation.py`. A child says True once it is ready, or why it cannot be; it dies with its
parent, whatever ends that, so that no part of a server is ever left over.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from skycap.serving.stores import CannotServe

FORK = multiprocessing.get_context("fork")
STOP, RETIRE = signal.SIGTERM, signal.SIGUSR1  # end soon; end when nobody needs you any more
_HANDLED = (STOP, RETIRE, signal.SIGINT, signal.SIGHUP)
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Child:
    """A process that runs `work(says, *arguments)` and ends."""

    def __init__(self, work: Callable[..., None], *arguments: Any) -> None:
        self._heard, says = FORK.Pipe(duplex=False)
        self._process = FORK.Process(target=_begin, args=(os.getpid(), work, says, arguments))
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)  # none may reach the child as if it were the parent
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        says.close()
        self.began = time.monotonic()
        self.is_ready = self.has_ended = False
        self.refusal = ""

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def end(self) -> str:
        """How it ended."""
        code = self._process.exitcode or 0
        return f"by {signal.Signals(-code).name}" if code < 0 else f"with status {code}"

    def fileno(self) -> int:
        return self._heard.fileno()

    def hear(self) -> None:
        """Take in what it says; blocks unless `heard` named it."""
        try:
            said = self._heard.recv()
        except (EOFError, OSError):
            self._process.join()
            self._heard.close()
            self.has_ended = True
            return
        if said is True:
            self.is_ready = True
        else:
            self.refusal = said

    def send(self, number: int) -> None:
        """Send it a signal."""
        if not self.has_ended:
            os.kill(self.pid, number)


class Signals:
    """Signals to this process."""

    def __init__(self, *numbers: int) -> None:
        """Handle these from now on: they are kept until `caught`."""
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for each in numbers:
            signal.signal(each, lambda *_: None)

    def fileno(self) -> int:
        return self._read.fileno()

    def caught(self) -> list[int]:
        """Those that came."""
        return list(self._read.recv(1024))


def heard(*sources: Any, timeout: float | None = None) -> list[Any]:
    """Those of the children, signals and sockets that there is something to hear from; waits for it."""
    return wait(sources, timeout)


def end_all(children: Iterable[Child], number: int) -> None:
    """Send them a signal and wait until they have ended."""
    for each in children:
        each.send(number)
    for each in children:
        while not each.has_ended:
            each.hear()


def step_back() -> None:
    """From now on this thread runs only when nobody else wants the processor; there is no way back."""
    with suppress(OSError):  # where that is not allowed
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _begin(parent: int, work: Callable[..., None], says: Connection, arguments: tuple[Any, ...]) -> None:
    signal.set_wakeup_fd(-1)
    for each in _HANDLED:
        signal.signal(each, signal.SIG_DFL)
    for each in (signal.SIGINT, signal.SIGHUP):  # they reach every process of a terminal; the parent tells us
        signal.signal(each, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDLED)
    try:
        work(says, *arguments)
    except CannotServe as error:
        says.send(str(error))
        sys.exit(1)
