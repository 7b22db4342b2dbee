"""Fares: the same each time, and moving the way a traveller expects."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from flights.fares import CABINS, Fare, fare

TUESDAY = datetime(2026, 10, 13, 10, tzinfo=timezone.utc)


def quote(**changes) -> Fare:
    return fare(**{"distance_km": 1200, "departs": TUESDAY, "flights": ("LH234",), **changes})


@pytest.mark.parametrize(
    ("cheaper", "dearer"),
    [
        ({}, {"distance_km": 6000}),
        ({}, {"refundable": True}),
        ({"low_cost": True}, {}),
        ({"red_eye": True}, {}),
        ({}, {"remote": True}),
        ({}, {"departs": TUESDAY.replace(month=12, day=22)}),
    ],
)
def test_what_costs_more(cheaper, dearer) -> None:
    assert quote(**cheaper).price_cents < quote(**dearer).price_cents


@pytest.mark.parametrize("km", [300, 1200, 4000, 9000])
def test_better_cabins_cost_more(km: int) -> None:
    prices = [quote(distance_km=km, cabin=cabin).price_cents for cabin in CABINS]
    assert prices == sorted(prices)
    assert len(set(prices)) == len(CABINS)


@pytest.mark.parametrize(
    ("ticket", "refundable", "change_fee_cents", "bags_included"),
    [
        ({}, False, 7500, 0),
        ({"low_cost": True}, False, 6000, 0),
        ({"refundable": True}, True, 0, 1),
        ({"distance_km": 8000}, False, 15000, 1),
        ({"cabin": "premium_economy"}, False, 7500, 2),
        ({"cabin": "business"}, False, 5000, 2),
        ({"cabin": "first"}, True, 0, 2),
    ],
)
def test_what_a_ticket_allows(ticket, refundable, change_fee_cents, bags_included) -> None:
    found = quote(**ticket)
    assert (found.refundable, found.change_fee_cents, found.bags_included) == (
        refundable,
        change_fee_cents,
        bags_included,
    )


def test_a_fare_is_whole_dollars_and_always_the_same() -> None:
    assert quote() == quote()
    assert quote().price_cents % 100 == 0
    assert quote().currency == "USD"


def test_an_unknown_cabin_is_named() -> None:
    with pytest.raises(ValueError, match="'steerage'.*economy"):
        quote(cabin="steerage")
