"""A new generation gets what others leave of the processor, but not for ever."""

from __future__ import annotations

import os
import signal
import socket
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from rasa.core.utils import AvailableEndpoints

from benchmarks.server import free_port
from skycap.serving import supervisor
from skycap.serving.children import FORK, STOP
from skycap.serving.door import Door, ask_for
from skycap.serving.model import Pace, run
from skycap.settings import Settings


@pytest.mark.parametrize("pace", list(Pace))
def test_work_has_its_pace_and_its_process_keeps_its_own(pace: Pace) -> None:
    seen = []

    def look() -> None:
        seen.append((os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)))

    run(look, pace)
    look()
    mine = (os.SCHED_OTHER, 0)
    theirs = {Pace.FULL: mine, Pace.IDLE: (os.SCHED_IDLE, 0), Pace.NICE: (os.SCHED_OTHER, 10)}
    assert seen == [theirs[pace], mine]


def test_what_work_raises_is_raised_here() -> None:
    def fail() -> None:
        raise ValueError("no")

    for pace in Pace:
        with pytest.raises(ValueError, match="no"):
            run(fail, pace)


def test_a_model_that_others_leave_no_time_for_is_loaded_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paces = FORK.SimpleQueue()

    def lead(says: Connection, *arguments: object) -> None:
        [pace] = [each for each in arguments if isinstance(each, Pace)]
        paces.put(pace)
        if pace is not Pace.IDLE:
            says.send(True)
        signal.pause()

    archive = tmp_path / "one.tar.gz"
    archive.touch()
    settings = Settings(host="127.0.0.1", port=free_port(), model=str(archive))
    for name, value in {"lead": lead, "warm_up": lambda: None, "IDLE_SECONDS": 0.3}.items():
        monkeypatch.setattr(supervisor, name, value)
    with socket.socket() as sock:
        door = Door(settings)  # before the fork: who knocks early waits
        server = FORK.Process(target=lambda: supervisor.Supervisor(settings, AvailableEndpoints(), sock, door).run())
        server.start()
        try:
            assert paces.get() is Pace.FULL
            while "is being loaded already" in (answer := ask_for(settings, archive))[1]:
                time.sleep(0.01)
            assert answer == (True, "The model one.tar.gz serves now.")
            assert [paces.get(), paces.get()] == [Pace.IDLE, Pace.NICE]
        finally:
            os.kill(server.pid or 0, STOP)
            server.join(30)
            door.close()
    assert server.exitcode == 0
