"""A fresh flights database for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from flights import database, sealed
from tests.unit.flights import buyers


@pytest.fixture(autouse=True)
def _key() -> None:
    sealed.use(buyers.KEYS)


@pytest.fixture
def url(empty_url: str) -> str:
    """The address of a database with its tables."""
    database.migrate(empty_url)
    return empty_url


@pytest.fixture
def engine(url: str) -> Engine:
    return database.engine(url)


@pytest.fixture
def lite(tmp_path: Path) -> Engine:
    """A SQLite database with its tables, for what does not depend on the kind."""
    url = f"sqlite:///{tmp_path}/lite.db"
    database.migrate(url)
    return database.engine(url)
