"""Every place that may hold a traveller's data, opened as the server opens it and proven to answer.

Fails closed: a store that cannot be reached, a database that is not there, a key that does not fit are said before
anything is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, Engine, make_url

from flights import bookings, database, sealed
from skycap.handoffs import HandoffQueue
from skycap.rights.conversations import Events, NotReached, Turns, has_broker, named_in
from skycap.settings import ROOT, Settings
from skycap.state.analytics.archive import Archive, open_archive
from skycap.vault import RedisVault, SqlVault, keys_of, make_vault


@dataclass(frozen=True)
class Places:
    """The open stores. `conversations` and `vault` are None when they live in the server's memory alone."""

    settings: Settings
    engine: Engine  # bookings, proof_attempts, handoffs
    conversations: Turns | Events | None
    vault: SqlVault | RedisVault | None
    archive: Archive  # figures of conversations
    has_broker: bool
    files: tuple[Path, ...]  # of SQLite


@contextmanager
def open_places(settings: Settings) -> Iterator[Places]:
    """Raises NotReached, BadKey, and what the databases raise; nothing was changed then."""
    endpoints = ROOT / settings.endpoints
    named = named_in(endpoints)
    business = make_url(settings.flights_url)
    of_vault = settings.vault_url or settings.flights_url
    urls = [("SKYCAP_DATABASE_URL", business), *((settings.endpoints, url) for url in (named[1] if named else ()))]
    if not of_vault.startswith(("memory:", "redis:", "rediss:")):
        urls.append(("SKYCAP_VAULT_URL", make_url(of_vault)))
    files = [_file(name, url) for name, url in urls if url and _is_file(url)]
    if _is_file(figures := make_url(settings.figures_url)):  # made below, if the server made none yet
        files.append(Path(figures.database).expanduser().resolve())

    # Only now: a missing database would bring its key file with it.
    keys = keys_of(settings)
    sealed.use(keys)
    database.migrate(settings.flights_url)
    engine = database.engine(settings.flights_url)
    bookings.prove_key(engine)
    HandoffQueue(engine)
    vault = None if of_vault == "memory:" else make_vault(settings)
    conversations = None
    try:
        if vault:
            vault.prove()
        conversations = named[0](*named[1]) if named else None
        archive = open_archive(settings.figures_url)
        of_sqlite = tuple(dict.fromkeys(files))
        yield Places(settings, engine, conversations, vault, archive, has_broker(endpoints), of_sqlite)
    finally:
        for each in filter(None, (vault, conversations)):
            each.close()


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")


def _file(name: str, url: URL) -> Path:
    path = Path(url.database).expanduser().resolve()
    if not path.is_file():
        raise NotReached(
            f"There is no database at {path} ({name}). Run this where the server runs, with its settings; a server "
            "that never ran has nothing to erase."
        )
    return path
