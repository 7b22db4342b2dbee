"""Erase, then search every byte of the SQLite files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from skycap.handoffs import erasure as handoffs
from skycap.rights import erase, open_places
from skycap.rights.files import compact
from tests.unit.skycap.rights.conftest import ADA, TODAY, Server

MARKS = [f"canary-{number:03}-of-ada" for number in range(200)]


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/flights.db"  # files are SQLite's matter


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if ".db" in path.name)


def test_no_byte_of_the_files_holds_what_was_erased(two: Server) -> None:
    for mark in MARKS:  # plain on purpose, and enough to split pages
        two.talk("ada-talk", [mark])
        two.hand_over(f"{mark}-elsewhere", "hello")
    two.hand_over("ada-talk", " ".join(MARKS))
    # Of what is encrypted, the encrypted texts.
    with two.engine.connect() as connection:
        sealed_rows = connection.exec_driver_sql(
            "SELECT passenger_name, contact_email, contact_phone FROM bookings WHERE reference = 'K7QX2M'"
        ).one()
        in_vault = connection.exec_driver_sql("SELECT sealed FROM vault WHERE kind != 'CHECK'").scalars().all()
    values = [*MARKS, "ada-talk", *ADA.values(), *sealed_rows]
    before = written(two.folder)
    assert all(value.encode() in before for value in (*MARKS, "ada-talk", *sealed_rows, *in_vault))
    with open_places(two.settings) as places:
        for mark in MARKS:
            handoffs.erase(places.engine, f"{mark}-elsewhere")
        erase(places, "ada-talk", TODAY)
        receipt = erase(places, "ada@example.com", TODAY)
    after = written(two.folder)
    assert [value for value in values if value.encode() in after] == []
    assert sum(each.encode() in after for each in in_vault) == 3, "those of the other traveller stay"
    assert [row.count for row in receipt if row.did == "compacted"] == [3]


def test_without_compacting_deleted_rows_stay_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE said (text)")
        connection.executemany("INSERT INTO said VALUES (?)", [(mark,) for mark in MARKS])
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA secure_delete=OFF")  # as most builds of SQLite have it
        connection.execute("DELETE FROM said")
    connection.close()
    assert MARKS[0].encode() in path.read_bytes()
    assert compact(path)
    assert not any(mark.encode() in path.read_bytes() for mark in MARKS)


def test_a_file_that_another_process_writes_to_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE said (text)")
    writer.execute("BEGIN IMMEDIATE")
    assert not compact(path, busy_seconds=0.1)
    writer.execute("ROLLBACK")
    assert compact(path, busy_seconds=0.1)
    writer.close()


def test_a_log_that_a_reader_holds_on_to_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "read.db"
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("PRAGMA journal_mode=WAL")
    reader.execute("CREATE TABLE said (text)")
    reader.execute("INSERT INTO said VALUES ('hello')")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM said").fetchall()
    assert not compact(path, busy_seconds=0.1)
    reader.execute("COMMIT")
    assert compact(path, busy_seconds=0.1)
    reader.close()
