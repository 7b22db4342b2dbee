"""Figures of all workers, whichever of them is asked."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal

from prometheus_client import generate_latest

from skycap.serving import metrics

FORK = multiprocessing.get_context("fork")
MEMORY = re.compile(r'^process_resident_memory_bytes\{pid="(\d+)"\} (\S+)$', re.M)


def test_a_process_alone_shows_itself() -> None:
    shown = MEMORY.findall(generate_latest(metrics.figures()).decode())
    assert [int(pid) for pid, _ in shown] == [os.getpid()]
    assert float(shown[0][1]) > 1_000_000


def test_workers_show_each_other() -> None:
    said = FORK.SimpleQueue()

    def show() -> None:
        said.put(MEMORY.findall(generate_latest(metrics.figures()).decode()))

    def lead() -> None:
        idle = FORK.Process(target=signal.pause)
        asked = FORK.Process(target=show)
        idle.start()
        asked.start()
        asked.join()
        said.put([idle.pid, asked.pid])
        idle.kill()
        idle.join()

    leader = FORK.Process(target=lead)
    leader.start()
    shown, pids = said.get(), said.get()
    leader.join()
    assert sorted(int(pid) for pid, _ in shown) == sorted(pids)
