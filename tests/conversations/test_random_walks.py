"""The first random walks of `make fuzz` in every test run, and the proof that a walk notices what is wrong."""

from __future__ import annotations

import pytest

from benchmarks.fuzz import SEED, report, walk

pytestmark = pytest.mark.filterwarnings("ignore::Warning:(?!skycap|flights|actions|tests)")
WALKS = 60


def findings(stage, numbers):
    return [finding for found, _ in walk(stage, SEED, numbers) for finding in found]


@pytest.mark.parametrize("first", range(0, WALKS, 10))
def test_random_walks_find_nothing(stage, first) -> None:
    found = findings(stage, range(first, first + 10))
    shown = "\n\n".join("\n".join(each.transcript) for each in found[:2])
    assert found == [], f"{report(found, SEED)}\n\n{shown}"


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("actions.offers.find_offers", "failure"),  # an action fails behind a designed reply
        ("flights.bookings.desk.inventory.take", "disagreement"),  # held without a seat
    ],
)
def test_a_walk_notices_what_is_broken(stage, monkeypatch, function, kind) -> None:
    def broken(*arguments, **options):
        if kind == "failure":
            raise RuntimeError("broken for this test")

    monkeypatch.setattr(function, broken)
    assert kind in {each.kind for each in findings(stage, range(8))}


def test_a_walk_can_be_repeated(stage) -> None:
    once, again = (next(walk(stage, SEED, [3]))[1].transcript for _ in range(2))
    assert [line for line in once if line.startswith("user: ")] == [line for line in again if line.startswith("user: ")]
