"""A process that buys: run by the tests as `python buyers.py COMMAND URL OFFER_ID COUNT NAME`.

`hold` lets COUNT travellers at once each hold one seat, and prints how many got it; `die_in_hold` and
`die_in_confirm` kill themselves when everything is done but the commit; `forever` holds, confirms and
cancels until it is killed.
"""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

from sqlalchemy import event

from flights import bookings, database, schedule, sealed
from skycap.vault import Keys

KEYS = Keys("A" * 43 + "=")  # the same in every process of the tests
sealed.use(KEYS)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
PERSON = {"passenger_name": "Ada Lovelace", "contact_email": "ada@example.com", "contact_phone": "+15550100"}


def hold(engine, offer_id: str, key: str):
    return bookings.hold(engine, offer_id=offer_id, passengers=1, conversation_id=key, idempotency_key=key, now=NOW)


def buy(engine, offer_id: str, key: str) -> bool:
    """Tells whether this traveller got a seat."""
    try:
        hold(engine, offer_id, key)
    except bookings.SoldOut:
        return False
    return True


def buy_many(engine, offer_id: str, count: int, name: str) -> int:
    """Returns how many of `count` travellers at once got a seat."""
    with ThreadPoolExecutor(max_workers=min(count, 200)) as pool:
        return sum(pool.map(lambda number: buy(engine, offer_id, f"{name}-{number}"), range(count)))


def kill_at_commit(engine) -> None:
    """Lets the process die at its first commit of a writing transaction, with everything done but that."""

    def die(connection) -> None:
        if connection.get_execution_options().get("writes"):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "commit", die)


def main(command: str, url: str, offer_id: str, count: int, name: str) -> None:
    engine = database.engine(url)
    schedule.warm()  # before the threads start
    if command == "hold":
        print(buy_many(engine, offer_id, count, name))
    elif command == "die_in_hold":
        kill_at_commit(engine)
        hold(engine, offer_id, name)
    elif command == "die_in_confirm":
        held = hold(engine, offer_id, name)
        kill_at_commit(engine)
        bookings.confirm(engine, held.reference, now=NOW, **PERSON)
    elif command == "forever":
        print("ready", flush=True)
        for turn in range(1_000_000):
            held = hold(engine, offer_id, f"{name}-{turn}")
            bookings.confirm(engine, held.reference, now=NOW, **PERSON)
            if turn % 2:
                bookings.cancel(engine, held.reference, NOW)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
