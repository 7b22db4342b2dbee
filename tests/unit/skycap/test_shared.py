"""A table that forked processes share."""

from __future__ import annotations

import multiprocessing

from skycap.half_cards import HalfCards
from skycap.shared import SharedTable

FORK = multiprocessing.get_context("fork")


def test_a_value_is_there_until_it_is_dropped() -> None:
    table = SharedTable(100, 8)
    assert table.get("a") is None
    table.put("a", b"one")
    table.put("b", b"")
    assert (table.get("a"), table.get("b"), table.get("c")) == (b"one", b"", None)
    table.put("a", b"12345678")
    assert table.get("a") == b"12345678"
    table.drop("a")
    table.drop("c")
    assert (table.get("a"), table.get("b")) == (None, b"")


def test_the_newest_of_those_that_share_a_place_stays() -> None:
    table = SharedTable(1, 8)
    table.put("a", b"1")
    table.put("b", b"2")
    assert (table.get("a"), table.get("b")) == (None, b"2")
    table.drop("a")
    assert table.get("b") == b"2"


def test_half_an_entry_is_none() -> None:
    table = SharedTable(1, 8)
    table.put("a", b"12345678")
    table._memory[30] ^= 1
    assert table.get("a") is None


def test_forked_processes_see_each_others_values() -> None:
    table = SharedTable(100, 8)
    child = FORK.Process(target=table.put, args=("a", b"child"))
    child.start()
    child.join()
    assert table.get("a") == b"child"


def test_the_halves_of_a_card_meet_in_different_processes() -> None:
    halves = HalfCards()
    child = FORK.Process(target=halves.join, args=("talk", "my card is 4111 1111"))
    child.start()
    child.join()
    assert halves.join("another", "1111 1111") == "1111 1111"
    assert halves.join("talk", "1111 1111 thanks") == "[CARD] thanks"
