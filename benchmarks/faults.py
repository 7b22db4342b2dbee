"""Break what a server needs while travellers talk to it, and count what was lost: `make faults`.

On SQLite, a private PostgreSQL and a private Redis, at the level of `skycap serve`: a platform delivers messages with
ids and repeats what is not taken (benchmarks/fault_talks.py), while the database is stopped, slow, refuses, breaks off,
fills up, or the server is killed at a step of the commit. Prints a table and one line of JSON; ends with 1 when a turn
that was taken is not stored, is stored twice, or had no reply.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks import fault_points as points
from benchmarks.fault_stores import Postgresql, Redis, Served, Sqlite, Store
from benchmarks.fault_talks import Account, Talk, settle
from benchmarks.server import ServerProcess
from flights import database
from skycap.settings import Settings
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import everything
from skycap.state.analytics.reconciling import Reconciliation, reconcile
from tests.platforms import SETTINGS, PlatformServer

STORES: dict[str, type[Store]] = {"sqlite": Sqlite, "postgresql": Postgresql, "redis": Redis}
AWAY_SECONDS = 3.0
START_SECONDS, DIE_SECONDS = 600.0, 120.0  # on a machine with other work


@dataclass(frozen=True)
class Plan:
    """How many turns each fault sees, in so many talks at once, and how often a server is killed at each step."""

    turns: int = 300
    talks: int = 12
    bookers: int = 4  # so many of the talks book
    kills: int = 2


FULL, QUICK = Plan(), Plan(turns=40, talks=4, bookers=2, kills=1)


class Server(ServerProcess):
    """`skycap serve` that can be told to die."""

    MODULE = "benchmarks.fault_points"

    def __init__(self, store: Store, api: PlatformServer) -> None:
        settings = {**SETTINGS, "platforms_url": api.url, "today": "2027-03-01", "window_turns": "8"}
        settings["analytics_seconds"] = "5"
        super().__init__(store.directory, **{**settings, **store.settings})
        self.store = store
        Path(self.settings["endpoints"]).write_text(store.endpoints())

    def environment(self) -> dict[str, str]:
        return super().environment() | {"FAULT": str(self.store.word_file)}

    def start(self, *, timeout_seconds: float = START_SECONDS) -> None:
        super().start(timeout_seconds=timeout_seconds)

    def die(self, step: str) -> None:
        """Let a process kill itself at this step of the next turn that comes there, and serve again."""
        self.store.word_file.write_text(step)
        until = time.monotonic() + DIE_SECONDS
        while self.store.word_file.exists():
            if time.monotonic() > until:
                raise RuntimeError(f"No turn came to {step}.")
            time.sleep(0.02)
        while self.get(self.READY)[0] != 200:  # a worker was forked anew; or it was the server's one process
            if self._process.poll() is not None:
                self.start()


class Run:
    """One fault and the talks it befalls."""

    def __init__(self, server: Server, api: PlatformServer, plan: Plan) -> None:
        self.server, self.store, self.plan = server, server.store, plan
        each = -(-plan.turns // plan.talks)
        self.talks = [Talk(server, api, each, books=number < plan.bookers) for number in range(plan.talks)]
        self._total = each * plan.talks
        self._over = threading.Event()

    def reach(self, share: float) -> None:
        """Wait until this share of all messages is taken, or nobody talks any more."""
        while sum(talk.taken for talk in self.talks) < share * self._total and not self._over.wait(0.02):
            pass

    def held(self, fault: Callable[[Run], None]) -> Account:
        """Hold the talks while the fault happens; returns how it ended."""
        with ThreadPoolExecutor(self.plan.talks + 1) as threads:
            trouble = threads.submit(fault, self)
            try:
                for talk in [threads.submit(talk.run) for talk in self.talks]:
                    talk.result()
            finally:
                self._over.set()
            trouble.result()
        backend = self.store.opened()
        try:
            return settle(self.talks, backend, self.server.settings["database_url"])
        finally:
            asyncio.run(backend.close())


# --- faults: each happens while talks are held, and is over when it returns


def stopped(run: Run) -> None:
    for share in (0.2, 0.5):
        run.reach(share)
        run.store.stop()
        time.sleep(AWAY_SECONDS)
        run.store.start()


def locked(run: Run) -> None:
    for share in (0.2, 0.5):
        run.reach(share)
        run.store.lock(AWAY_SECONDS)


def says(word: str, run: Run) -> None:
    run.store.say(word)
    run.reach(1.0)
    run.store.say("")
    if word == "cut" and not run.store.wire.happened:
        raise AssertionError("Nothing was cut.")


def full(run: Run) -> None:
    run.reach(0.3)
    if not isinstance(run.store, Served):
        run.store.say("full")
        time.sleep(AWAY_SECONDS)
        run.store.say("")
        return
    if isinstance(run.store, Postgresql):
        run.store.fill()
        run.store.limit(2**20 + 2**18)
    else:
        run.store.fill()
    time.sleep(AWAY_SECONDS)
    run.store.limit(None)
    if isinstance(run.store, Redis):
        run.store.stop()
        run.store.start()


def memory_full(run: Run) -> None:
    run.reach(0.3)
    run.store.limit_memory(1)
    time.sleep(AWAY_SECONDS)
    run.store.limit_memory(0)


def killed(step: str, run: Run) -> None:
    for number in range(run.plan.kills):
        run.reach(0.1 + 0.6 * number / run.plan.kills)
        run.server.die(step)


def damaged(run: Run) -> None:
    run.reach(0.3)
    before = dict(run.server.processes)
    run.store.damage(run.talks[-1].conversation)
    run.reach(1.0)
    if run.server.processes != before or run.server.get("/health/ready")[0] != 200:
        raise AssertionError("A damaged turn cost more than its conversation.")
    if f"conversation {run.talks[-1].conversation} cannot be read" not in run.server.log.read_text():
        raise AssertionError("There was no alarm.")


Faults = dict[str, Callable[[Run], None]]
KILLS: Faults = {f"killed {step}": partial(killed, step) for step in points.STEPS}
COMMON: Faults = {"slow (1 s)": partial(says, "slow"), "refuses 1%": partial(says, "refuse")}
ENDS: Faults = {"disk full": full, "damaged turn": damaged}
SERVED: Faults = {"stopped and started": stopped, **COMMON, "cut in a commit": partial(says, "cut")}


def _but(faults: Faults, step: str) -> Faults:
    return {name: fault for name, fault in faults.items() if name != f"killed {step}"}


MATRIX: dict[str, Faults] = {
    "sqlite": {"locked by another program": locked, **COMMON, **_but(KILLS, points.FORGETS), **ENDS},
    "postgresql": {**SERVED, **_but(KILLS, points.FORGETS), **ENDS},
    "redis": {**SERVED, **_but(KILLS, points.INSIDE), "memory full": memory_full, **ENDS},
}


@contextmanager
def served(name: str) -> Iterator[tuple[Server, PlatformServer]]:
    """A server on a store of this name, and the platform's API. Raises FileNotFoundError for a program not there."""
    with tempfile.TemporaryDirectory(prefix="skycap-faults-") as folder:
        directory = Path(folder) / name  # PostgreSQL's own user must come there
        directory.mkdir()
        yield from _served(STORES[name](directory))


def _served(store: Store) -> Iterator[tuple[Server, PlatformServer]]:
    api = PlatformServer()
    try:
        store.start()
        if isinstance(store, Served):
            store.wire.mend()
        with Server(store, api) as server:
            yield server, api
    finally:
        store.say("")
        if isinstance(store, Served):
            store.wire.cut()
            store.stop()
        api.close()


def reconciled(server: Server, accounts: Sequence[Account]) -> tuple[Reconciliation, bool]:
    """What is stored compared with analytics, all of it taken in; and whether both are exactly what was sent."""
    known = Settings(database_url=server.settings["database_url"])
    backend, archive = server.store.opened(), Archive(database.engine(known.figures_url))
    for _ in everything(backend, archive, time.time()):
        pass
    found = reconcile(backend, archive)
    asyncio.run(backend.close())
    sent = sum(account.turns - account.refused for account in accounts)
    booked = sum(account.bookings for account in accounts)
    return found, found.agrees and (found.archived.turns, found.archived.bookings) == (sent, booked)


def befall(server: Server, api: PlatformServer, fault: Callable[[Run], None], plan: Plan) -> Account:
    """Let one fault happen to a running server."""
    return Run(server, api, plan).held(fault)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.turns} turns for each fault")
    parser.add_argument("--store", choices=STORES, action="append", help="this one only; may be given again")
    parser.add_argument("--fault", action="append", help="those whose name begins so; may be given again")
    chosen = parser.parse_args(arguments)
    plan, result, begin, is_right = (QUICK if chosen.quick else FULL), [], time.monotonic(), True
    columns = [*Account.__dataclass_fields__]
    print(f"{'store':11}{'fault':40}{'':2}{'s':>5}", *(f"{each.replace('_', ' '):>14}" for each in columns), flush=True)
    for store in chosen.store or STORES:
        faults = {
            name: fault
            for name, fault in MATRIX[store].items()
            if not chosen.fault or name.startswith(tuple(chosen.fault))
        }
        with served(store) as (server, api):
            accounts = []
            for name, fault in faults.items():
                started = time.monotonic()
                accounts.append(account := befall(server, api, fault, plan))
                mark, taken = "" if account.is_right else "!", time.monotonic() - started
                figures = (f"{value:14}" for value in asdict(account).values())
                print(f"{store:11}{name:40}{mark:2}{taken:5.0f}", *figures, flush=True)
            found, agrees = reconciled(server, accounts)
            says = "agrees" if agrees else "does not agree"
            print(f"{store}: the archive {says} with what was sent\n{found}", flush=True)
            is_right = is_right and agrees
            result += accounts
    totals = {each: sum(getattr(account, each) for account in result) for each in columns}
    is_right = is_right and all(account.is_right for account in result)
    print(json.dumps({"faults": len(result), **totals, "right": is_right, "seconds": round(time.monotonic() - begin)}))
    return 0 if is_right else 1


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main())
