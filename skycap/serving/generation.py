"""A generation: the workers that serve one model, and the process that forked them and replaces those that die.

Between `supervisor.py`, which starts one for each model, and `worker.py`. The model is loaded before the fork, so that
all workers share its memory; they open what they connect to for themselves.
"""

from __future__ import annotations

import gc
import logging
import socket
import time
from multiprocessing.connection import Connection
from pathlib import Path

from rasa.core.utils import AvailableEndpoints

from skycap.serving import worker
from skycap.serving.agent import CannotServe
from skycap.serving.app import migrate
from skycap.serving.children import RETIRE, STOP, Child, Signals, end_all, heard, step_back
from skycap.serving.model import Pace, prepare, run
from skycap.settings import Settings

logger = logging.getLogger(__name__)
SHORT_LIFE_SECONDS = 1.0
LAST_BREATH_SECONDS = 1.0  # a thread that was joined may be there for an instant

CANNOT_SHARE = (
    "The model started threads, which do not live on in forked processes: each worker must load it for itself."
)


def lead(
    says: Connection,
    settings: Settings,
    endpoints: AvailableEndpoints,
    archive: Path,
    sock: socket.socket,
    pace: Pace,
    shared: bool,
) -> None:
    """Body of the process: says True when all workers serve. Raises CannotServe when one cannot.

    `shared`: load the model before the fork; refuses with CANNOT_SHARE when that is not possible.
    """
    migrations = Child(_migrate, settings) if pace is Pace.FULL else None
    if shared:
        run(lambda: _load(archive), pace)
        if not _is_alone():
            raise CannotServe(CANNOT_SHARE)
    if migrations:
        _await(migrations)
    signals = Signals(STOP, RETIRE)  # from now on: who stops a server that loads need not wait for that

    def fork(pace: Pace) -> Child:
        return Child(worker.work, settings, endpoints, archive, sock, pace)

    workers = [fork(pace) for _ in range(settings.workers)]
    serving, ending = False, False
    try:
        while workers:
            for each in heard(signals, *workers):
                if each is signals:
                    ending = True
                    sock.close()
                    for number in signals.caught():
                        for one in workers:
                            one.send(number)
                    continue
                each.hear()
                if each.has_ended:
                    workers.remove(each)
                    if not serving and not ending:
                        raise CannotServe(each.refusal or f"A worker ended {each.end} before it was ready.")
                    if not ending:
                        logger.error("a worker ended %s, another takes its place. %s", each.end, each.refusal)
                        time.sleep(max(0.0, SHORT_LIFE_SECONDS - (time.monotonic() - each.began)))
                        workers.append(fork(Pace.FULL))
                elif not serving and all(one.is_ready for one in workers):
                    serving = True
                    says.send(True)
    finally:
        end_all(workers, STOP)
        step_back()


def _load(archive: Path) -> None:
    """Load the model so that its memory stays shared: what is there now is never looked at again for cycles."""
    gc.disable()
    prepare(archive)
    gc.collect()
    gc.freeze()
    gc.enable()


def _is_alone() -> bool:
    """Whether this process has one thread."""
    until = time.monotonic() + LAST_BREATH_SECONDS
    while len(list(Path("/proc/self/task").iterdir())) > 1:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _migrate(says: Connection, settings: Settings) -> None:
    migrate(settings)
    says.send(True)


def _await(child: Child) -> None:
    """Wait until it has ended. Raises CannotServe when it failed."""
    while not child.has_ended:
        child.hear()
    if not child.is_ready:
        raise CannotServe(child.refusal or f"The databases could not be prepared: it ended {child.end}.")
