"""The kernel's locks on bytes of a file: exclusive and shared, freed with their holder."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from skycap.byte_locks import ByteLocks

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "locks"


def test_a_byte_has_one_holder_and_others_may_hold_the_next(path: Path) -> None:
    one, other = ByteLocks(path), ByteLocks(path)
    assert one.take(7) and one.take(7)
    assert not other.take(7) and not other.take(0, 100, shared=True)
    assert other.take(8)
    one.free(7)
    assert other.take(7)
    one.close()
    other.close()


def test_shared_locks_exclude_exclusive_ones_alone(path: Path) -> None:
    one, other = ByteLocks(path), ByteLocks(path)
    assert one.take(0, 2**40, shared=True) and other.take(0, 2**40, shared=True)
    assert not other.take(2**39)
    one.close()
    assert other.take(2**39)
    other.close()


def test_a_block_holds_its_byte(path: Path) -> None:
    one, other = ByteLocks(path), ByteLocks(path)
    with one.taken(3):
        assert not other.take(3)
    assert other.take(3)
    one.close()
    other.close()


def test_who_is_killed_holds_nothing(path: Path) -> None:
    holds = FORK.Event()

    def hold() -> None:
        locks = ByteLocks(path)
        locks.take(2**62)
        holds.set()
        signal.pause()

    holder = FORK.Process(target=hold)
    holder.start()
    assert holds.wait(10)
    locks = ByteLocks(path)
    assert not locks.take(2**62)
    os.kill(holder.pid, signal.SIGKILL)
    assert locks.take(2**62, wait=True)
    holder.join()
    locks.close()


def test_a_place_without_a_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ByteLocks(tmp_path / "nowhere" / "locks")
