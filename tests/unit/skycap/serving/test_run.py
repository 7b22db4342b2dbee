"""What one process would keep for itself is found before several start."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.utils import AvailableEndpoints

from skycap.serving.run import kept_by_one_process
from skycap.settings import Settings

SHARED = "tracker_store: {type: skycap.state.tracker_store.WindowTrackerStore, url: 'sqlite:///var/conversations.db'}\n"


def endpoints(directory: Path, text: str) -> AvailableEndpoints:
    (directory / "endpoints.yml").write_text(text)
    return AvailableEndpoints.read_endpoints(str(directory / "endpoints.yml"))


@pytest.mark.parametrize(
    "text",
    [
        SHARED,
        SHARED + "lock_store: {type: skycap.state.locks.FileLocks}\n",
        SHARED + "lock_store: {type: skycap.state.locks.RedisLocks, url: 'redis://127.0.0.1'}\n",
        "tracker_store: {type: SQL, dialect: sqlite, db: var/rasa.db}\n",
    ],
)
def test_what_is_shared_may_be_served_by_several(tmp_path: Path, text: str) -> None:
    assert kept_by_one_process(Settings(), endpoints(tmp_path, text)) == ""


@pytest.mark.parametrize(
    ("text", "settings", "named"),
    [
        (SHARED + "lock_store: {type: skycap.state.locks.MemoryLocks}\n", {}, "locks"),
        (SHARED + "lock_store: {type: in_memory}\n", {}, "locks"),
        ("action_endpoint: {url: 'http://127.0.0.1'}\n", {}, "conversations"),
        ("tracker_store: {type: in_memory}\n", {}, "conversations"),
        (SHARED.replace("sqlite:///var/conversations.db", "memory:"), {}, "conversations"),
        ("tracker_store: {type: skycap.state.tracker_store.WindowTrackerStore}\n", {}, "conversations"),
        (SHARED, {"vault_url": "memory:"}, "personal data"),
        (SHARED, {"database_url": "sqlite://"}, "bookings"),
    ],
)
def test_what_each_would_have_for_itself_is_named(
    tmp_path: Path, text: str, settings: dict[str, str], named: str
) -> None:
    assert f"would have its own {named}" in kept_by_one_process(Settings(**settings), endpoints(tmp_path, text))
