"""Figures for Prometheus: memory, processor time and open files of every worker, whichever of them is asked.

Read from /proc when somebody asks; nothing is counted meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from multiprocessing import parent_process
from pathlib import Path

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class WorkerCollector(Collector):
    """The figures of `ProcessCollector` for each worker, told apart by `pid`."""

    def collect(self) -> Iterator[Metric]:
        metrics: dict[str, Metric] = {}
        for pid in worker_pids():
            for metric in ProcessCollector(registry=None, pid=lambda pid=pid: pid).collect():
                samples = [each._replace(labels={**each.labels, "pid": str(pid)}) for each in metric.samples]
                metrics.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                metrics[metric.name].samples += samples
        yield from metrics.values()


def worker_pids() -> list[int]:
    """This process and those that were forked beside it."""
    parent = parent_process()
    if parent is None:
        return [os.getpid()]
    return [int(each) for each in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()]


def figures() -> CollectorRegistry:
    """All figures."""
    registry = CollectorRegistry()
    PlatformCollector(registry=registry)
    registry.register(WorkerCollector())
    return registry
