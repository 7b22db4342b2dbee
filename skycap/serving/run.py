"""Start the server: logging, the port, and the processes behind it."""

from __future__ import annotations

import errno
import logging
import resource
import socket
import sys

from rasa.core.utils import AvailableEndpoints
from rasa.utils.log_utils import configure_structlog

from skycap.serving.agent import CannotServe
from skycap.serving.app import read_endpoints
from skycap.serving.door import Door
from skycap.serving.masking import mask_logs
from skycap.serving.supervisor import Supervisor
from skycap.settings import Settings


def run(settings: Settings) -> int:
    """Serve until stopped; returns the exit status."""
    level = logging.getLevelName(settings.log_level.upper())
    configure_structlog(level)  # else structlog prints debug lines with what travellers said
    mask_logs()
    _allow_many_files()
    try:
        endpoints = read_endpoints(settings)
        kept = kept_by_one_process(settings, endpoints)
        if kept and settings.workers > 1:
            raise CannotServe(f"{kept} Or set SKYCAP_WORKERS=1.")
        sock, door = _listen(settings)
        Supervisor(settings, endpoints, sock, door, fixed=f"{kept} Or restart the server." if kept else "").run()
    except CannotServe as error:
        print(f"skycap: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before it served
        return 130
    return 0


def kept_by_one_process(settings: Settings, endpoints: AvailableEndpoints) -> str:
    """What would be another in each process, and what to do about it; empty when all of it is shared."""
    store, locks = endpoints.tracker_store, endpoints.lock_store
    alone = []
    if store is None or store.type in (None, "in_memory", "InMemoryTrackerStore") or store.url == "memory:":
        alone.append("conversations (tracker_store in the endpoints file)")
    elif store.type.endswith(".WindowTrackerStore") and not store.url:
        alone.append("conversations (tracker_store without url in the endpoints file)")
    if locks and locks.type in (None, "in_memory", "InMemoryLockStore", "skycap.state.locks.MemoryLocks"):
        alone.append("locks (lock_store in the endpoints file; without one they are shared)")
    if settings.vault_url == "memory:":
        alone.append("personal data (SKYCAP_VAULT_URL)")
    if settings.flights_url in ("sqlite://", "sqlite:///:memory:"):
        alone.append("bookings (SKYCAP_DATABASE_URL)")
    return f"Each process would have its own {', '.join(alone)}. Keep it where all can reach it." if alone else ""


def _listen(settings: Settings) -> tuple[socket.socket, Door]:
    """The port for travellers, not yet listened on, and the door for operators."""
    sock = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
        return sock, Door(settings)
    except OSError as error:
        sock.close()
        raise CannotServe(
            f"port {settings.port} is in use. Stop what runs there or set SKYCAP_PORT."
            if error.errno == errno.EADDRINUSE
            else f"{settings.host} port {settings.port} cannot be listened on: {error.strerror}."
        ) from error


def _allow_many_files() -> None:
    """As many open files as the system lets us: each traveller's connection is one, and each turn holds one more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
