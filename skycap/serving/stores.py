"""The stores that endpoints.yml names. Rasa's factories fall back to memory in silence; here that is an error."""

from __future__ import annotations

from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from skycap.state.locks import FileLocks
from skycap.state.tracker_store import WindowTrackerStore


class CannotServe(RuntimeError):
    """The server must not start; the message says what to do."""


async def open_tracker_store(wanted: EndpointConfig | None, broker: EventBroker | None) -> TrackerStore:
    """The tracker store, proven to answer: Rasa's SQL store starts without its tables when the database is away.

    Without a wish a window in memory. Raises CannotServe.
    """
    if wanted is None:
        return WindowTrackerStore(event_broker=broker)
    try:
        store = TrackerStore.create(wanted, event_broker=broker)
        if not _fell_back(wanted, store, InMemoryTrackerStore):
            await store.retrieve("start")
            return store
        why = "there is no such type"
    except Exception as error:
        why = type(error).__name__
    raise CannotServe(
        f"The tracker store of type {wanted.type!r} (endpoints file) could not be opened ({why}), so conversations "
        "would be forgotten. Is its database running, and is the type spelt right?"
    )


def open_locks(wanted: EndpointConfig | None) -> LockStore:
    """The lock store; without a wish locks of this machine. Raises CannotServe."""
    try:
        locks = LockStore.create(wanted) if wanted else FileLocks()
    except Exception as error:
        kind = wanted.type if wanted else FileLocks.__name__
        raise CannotServe(f"The lock store of type {kind!r} could not be made ({type(error).__name__}).") from error
    if wanted and _fell_back(wanted, locks, InMemoryLockStore):
        raise CannotServe(f"There is no lock store of type {wanted.type!r} (endpoints file). Is the type spelt right?")
    return locks


def _fell_back(wanted: EndpointConfig, got: object, fallback: type) -> bool:
    """Whether Rasa put its in-memory part in the place of one it could not make."""
    return wanted.type not in (None, "in_memory", fallback.__name__) and type(got) is fallback
