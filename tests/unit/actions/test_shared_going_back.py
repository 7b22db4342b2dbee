"""Which steps a conversation can go back."""

from __future__ import annotations

from typing import Any

from actions.shared_going_back import steps

USER = {"event": "user", "text": "something"}
BACK = {"event": "action", "name": "action_go_back"}


def turn(*events: dict[str, Any], **slots: Any) -> list[dict[str, Any]]:
    return [USER, *events, *({"event": "slot", "name": name, "value": value} for name, value in slots.items())]


def test_each_message_that_changed_a_detail_is_a_step() -> None:
    events = [*turn(destination="ROM"), *turn(origin="BER", departure_date="2026-11-27"), *turn(remarks=["x"])]
    assert steps(events) == [{}, {"destination": "ROM"}]


def test_the_same_value_again_is_no_step() -> None:
    assert steps([*turn(destination="ROM"), *turn(destination="ROM")]) == [{}]


def test_going_back_takes_its_step_off() -> None:
    events = [*turn(destination="ROM"), *turn(origin="BER"), *turn(BACK, origin=None)]
    assert steps(events) == [{}]
    assert steps([*events, *turn(BACK, destination=None)]) == []
    assert steps([*events, *turn(origin="MUC")]) == [{}, {"destination": "ROM", "origin": None}]


def test_nothing_goes_back_behind_a_booking() -> None:
    booked = [*turn(destination="ROM"), *turn(confirm_booking=True, booking_reference="ABC234")]
    assert steps(booked) == []
    assert [step["booking_reference"] for step in steps([*booked, *turn(destination="OSL")])] == ["ABC234"]


def test_what_a_new_session_carries_over_is_no_step() -> None:
    carried = [{"event": "session_started"}, {"event": "slot", "name": "destination", "value": "ROM"}]
    assert steps([*turn(destination="ROM"), *carried]) == []
    assert steps([*carried, *turn(origin="BER")]) == [{"destination": "ROM"}]


def test_nothing_said_nothing_to_go_back_to() -> None:
    assert steps([]) == steps([USER]) == []
