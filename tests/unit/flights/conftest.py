"""A fresh flights database for each test: a SQLite file, and PostgreSQL where a server answers."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from flights import database, sealed
from tests.unit.flights import buyers

POSTGRES = os.environ.get("SKYCAP_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


@pytest.fixture(autouse=True)
def _key() -> None:
    sealed.use(buyers.KEYS)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/flights.db"
        yield url
        database.engine(url).dispose()
        return
    name = f"skycap_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRES, future=True, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except Exception as error:
        pytest.skip(f"No PostgreSQL answers at {make_url(POSTGRES)!r}: {type(error).__name__}. Start one to run this.")
    url = str(make_url(POSTGRES).set(database=name))
    yield url
    database.engine(url).dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


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
