"""The first process of a server: starts a generation of workers, and another one for each new model.

SIGHUP, or `skycap model use`, starts a generation aside. When all its workers serve, the one before retires; when it
cannot serve, the one before goes on. SIGTERM ends the server when the turns under way are over, a second one at once.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import time
from pathlib import Path

from rasa.core.utils import AvailableEndpoints

from flights import airports, schedule, tables
from skycap import privacy
from skycap.serving.agent import CannotServe
from skycap.serving.children import RETIRE, STOP, Child, Signals, end_all, heard
from skycap.serving.door import Asker, Door
from skycap.serving.generation import CANNOT_SHARE, lead
from skycap.serving.model import Pace, newest_model
from skycap.settings import ROOT, Settings

logger = logging.getLogger(__name__)
SHARES = True  # True when no model of ours starts threads
STOPS = {STOP, signal.SIGINT}
IDLE_SECONDS = 60.0  # a generation that is not ready then begins anew, at another pace
PAUSE_SECONDS = 1.0  # before what failed is tried again


def warm_up() -> None:
    """Build what no model has a part in, for all generations: flights, places, and the words of every language."""
    schedule.warm()
    tables.warm()
    airports.warm_up()
    privacy.warm_up()


class Generation(Child):
    """The workers of one model."""

    def __init__(
        self,
        settings: Settings,
        endpoints: AvailableEndpoints,
        archive: Path,
        sock: socket.socket,
        *,
        pace: Pace,
        shared: bool,
    ) -> None:
        super().__init__(lead, settings, endpoints, archive, sock, pace, shared)
        self.archive, self.pace = archive, pace
        self.is_late = False  # nothing but its pace is wrong with it


class Supervisor:
    """Keeps a generation serving until told to stop."""

    def __init__(
        self, settings: Settings, endpoints: AvailableEndpoints, sock: socket.socket, door: Door, fixed: str = ""
    ) -> None:
        """`fixed`: why the model cannot be changed while the server runs; empty when it can."""
        self._settings, self._endpoints, self._sock, self._door = settings, endpoints, sock, door
        self._fixed = fixed
        self._serving: Generation | None = None
        self._coming: Generation | None = None
        self._leaving: list[Generation] = []
        self._served: Path | None = None  # the archive of the last generation that served
        self._asker: Asker | None = None  # who wants the coming one

    def run(self) -> None:
        """Serve until told to stop. Raises CannotServe when the first generation cannot."""
        gc.disable()  # what is imported and loaded stays: looking through it again and again takes a second
        warm_up()
        gc.collect()
        gc.freeze()  # what is there now is never looked at again, and so its memory stays shared
        gc.enable()
        signals = Signals(*STOPS, signal.SIGHUP)
        in_terminal = sys.stdin is not None and sys.stdin.isatty()
        stops = STOPS | {signal.SIGHUP} if in_terminal else STOPS  # a server whose terminal is closed is not wanted
        try:
            while True:
                if not self._serving and not self._coming:
                    self._coming = self._begin(self._served or self._newest(), Pace.FULL)
                news = heard(signals, self._door, *self._generations, timeout=self._patience())
                if not news and self._coming:
                    self._coming.is_late = True
                    self._coming.send(signal.SIGKILL)
                for each in news:
                    if isinstance(each, Generation):
                        self._hear(each)
                    elif each is self._door:
                        self._open()
                    else:
                        caught = set(signals.caught())
                        if stops & caught:
                            self._stop(signals)
                            return
                        if signal.SIGHUP in caught:
                            self._change(None)
        finally:
            end_all(self._generations, signal.SIGKILL)

    def _patience(self) -> float | None:
        """Seconds to wait for news of a generation that may get too little of the processor; None: for ever."""
        coming = self._coming
        if not coming or coming.pace is not Pace.IDLE or coming.is_late:
            return None
        return max(0.0, coming.began + IDLE_SECONDS - time.monotonic())

    @property
    def _generations(self) -> list[Generation]:
        return [each for each in (self._serving, self._coming, *self._leaving) if each]

    def _begin(self, archive: Path, pace: Pace, *, shared: bool = SHARES) -> Generation:
        return Generation(self._settings, self._endpoints, archive, self._sock, pace=pace, shared=shared)

    def _newest(self) -> Path:
        return newest_model(ROOT / self._settings.model)

    def _hear(self, child: Generation) -> None:
        child.hear()
        if child.has_ended:
            self._bury(child)
        elif child is self._coming and child.is_ready:
            self._change_over(child)

    def _change_over(self, coming: Generation) -> None:
        before, self._serving, self._coming = self._serving, coming, None
        if before:
            before.send(RETIRE)
            self._leaving.append(before)
        if self._served:
            self._tell(True, f"The model {coming.archive.name} serves now.")
        else:
            print(f"Skycap is ready: http://localhost:{self._settings.port}/", flush=True)
        self._served = coming.archive

    def _bury(self, child: Generation) -> None:
        if child in self._leaving:
            self._leaving.remove(child)
        elif child is self._serving:
            self._serving = None
            logger.error("all workers ended %s, others take their place", child.end)
        elif child.refusal == CANNOT_SHARE:
            self._coming = self._begin(child.archive, child.pace, shared=False)
        elif child.is_late:
            self._coming = self._begin(child.archive, Pace.NICE)
        else:
            self._coming = None
            why = child.refusal or f"The workers ended {child.end} before they were ready."
            if not self._served:
                raise CannotServe(why)
            self._tell(False, f"{why} The one before goes on." if self._serving else why)
            if not self._serving:
                time.sleep(PAUSE_SECONDS)

    def _open(self) -> None:
        asker = self._door.asked()
        if asker and asker.archive is None:
            asker.answer(served=False, text="That cannot be read. Ask with `skycap model use ARCHIVE`.")
        elif asker:
            self._change(asker)

    def _change(self, asker: Asker | None) -> None:
        """Start a generation for the archive asked for, or for the newest one."""
        if self._fixed or self._coming:
            refusal = self._fixed or "A model is being loaded already. Try again when it serves."
            self._tell(False, refusal, asker)
            return
        self._asker = asker
        try:
            archive = newest_model(asker.archive) if asker and asker.archive else self._newest()
        except CannotServe as error:
            self._tell(False, str(error))
        else:
            self._coming = self._begin(archive, Pace.IDLE)

    def _tell(self, served: bool, text: str, asker: Asker | None = None) -> None:
        """Say how a change went, in the log and to who asked for it."""
        if served:
            print(f"skycap: {text}", flush=True)
        else:
            logger.error("the model was not changed: %s", text)
        if asker is None:
            asker, self._asker = self._asker, None
        if asker:
            asker.answer(served=served, text=text)

    def _stop(self, signals: Signals) -> None:
        """End all workers, gently until a second signal comes."""
        self._sock.close()
        for each in self._generations:
            each.send(STOP)
        living = self._generations
        while living:
            for each in heard(signals, *living):
                if each is signals:
                    if STOPS & set(signals.caught()):
                        return
                else:
                    each.hear()
            living = [each for each in living if not each.has_ended]
