"""Bookings under stress: crowds that want the last seats, processes killed half way. On both kinds of database."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from flights import bookings, database, inventory, schedule

HERE = Path(__file__).parent
BUYERS = HERE / "buyers.py"
spec = importlib.util.spec_from_file_location("buyers", BUYERS)
buyers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(buyers)

ONE_WAY = schedule.search(None, origin="BER", destination="FCO", departure_date=date(2026, 12, 8), nonstop=True)[0]
SEAT = ONE_WAY.cabins[0]


def sold(engine) -> int:
    with database.read(engine) as connection:
        return inventory.stored(connection, [SEAT])[SEAT][1]


def test_two_hundred_travellers_at_once_share_fifty_seats(url) -> None:
    engine = database.engine(url)
    inventory.set_seats(engine, SEAT, seats_total=50)
    assert buyers.buy_many(engine, ONE_WAY.id, 200, "crowd") == 50
    assert sold(engine) == 50
    assert _count(engine) == {"held": 50}


def test_four_processes_share_fifty_seats(url) -> None:
    engine = database.engine(url)
    inventory.set_seats(engine, SEAT, seats_total=50)
    running = [_run("hold", url, 50, f"process-{number}") for number in range(4)]
    outcomes = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(outcomes) == 50
    assert sold(engine) == 50
    assert _count(engine) == {"held": 50}


@pytest.mark.parametrize(("command", "states"), [("die_in_hold", {}), ("die_in_confirm", {"held": 1})])
def test_a_process_killed_before_its_commit_leaves_the_state_before(url, command, states) -> None:
    engine = database.engine(url)
    inventory.set_seats(engine, SEAT, seats_total=50)
    process = _run(command, url, 1, "victim")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert _count(engine) == states
    assert sold(engine) == states.get("held", 0)
    again = buyers.hold(engine, ONE_WAY.id, "victim")
    assert bookings.confirm(engine, again.reference, now=buyers.NOW, **buyers.PERSON).state == "confirmed"


def test_a_process_killed_anywhere_leaves_no_half_booking(url) -> None:
    engine = database.engine(url)
    inventory.set_seats(engine, SEAT, seats_total=100_000)
    for number, seconds in enumerate((0.05, 0.11, 0.23)):
        process = _run("forever", url, 1, f"victim-{number}")
        assert process.stdout.readline().strip() == "ready"
        time.sleep(seconds)
        process.kill()
        process.communicate(timeout=60)
    counts = _count(engine)
    assert sold(engine) == counts["held"] + counts["confirmed"]
    with database.read(engine) as connection:
        kept = connection.execute(select(database.booking_seats.c.reference)).scalars().all()
        booked = connection.execute(select(database.bookings.c.reference, database.bookings.c.state)).all()
        events = connection.execute(select(database.booking_events).order_by(database.booking_events.c.id)).all()
    last_event = {row.reference: row.to_state for row in events}
    assert Counter(kept) == Counter(row.reference for row in booked)
    assert booked
    assert last_event == {row.reference: row.state for row in booked}


def _count(engine) -> Counter:
    with database.read(engine) as connection:
        return Counter(connection.execute(select(database.bookings.c.state)).scalars())


def _run(command: str, url: str, count: int, name: str) -> subprocess.Popen:
    arguments = [sys.executable, str(BUYERS), command, url, ONE_WAY.id, str(count), name]
    env = {**os.environ, "PYTHONPATH": str(HERE.parents[2])}
    return subprocess.Popen(arguments, cwd=HERE.parents[2], env=env, stdout=subprocess.PIPE, text=True)
