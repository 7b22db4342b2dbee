"""A worker gives back memory that it no longer needs."""

from __future__ import annotations

import asyncio
import platform
from pathlib import Path

import pytest

from skycap.serving import worker


def resident_megabytes() -> float:
    [line] = [each for each in Path("/proc/self/smaps_rollup").read_text().splitlines() if each.startswith("Rss:")]
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give memory back by themselves")
async def test_free_pages_in_the_middle_of_the_heap_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "GIVE_BACK_SECONDS", 0.01)
    many = [bytes(1_000) for _ in range(100_000)]  # larger than what Python keeps in pools of its own
    kept = many[::64]  # one in 16 pages or so, the last of the heap among them
    del many
    before = resident_megabytes()
    giving_back = asyncio.create_task(worker._give_back())
    await asyncio.sleep(0.2)
    giving_back.cancel()
    assert before - resident_megabytes() > 50
    assert len(kept) == 1_563
