"""What cannot be reached is said before anything is changed; the command as an operator types it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from skycap.cli import main
from skycap.rights import NotReached, expire, open_places
from skycap.settings import BadSetting, read_settings, settings
from skycap.vault import BadKey
from tests.unit.skycap.rights.conftest import NOW, Server


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/flights.db"


@pytest.fixture
def command(two: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """Runs `skycap privacy …` on the stores of `two`."""
    monkeypatch.setenv("SKYCAP_DATABASE_URL", two.settings.database_url)
    monkeypatch.setenv("SKYCAP_ENDPOINTS", two.settings.endpoints)
    monkeypatch.setenv("SKYCAP_VAULT_KEY", two.settings.vault_key)
    settings.cache_clear()

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["privacy", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    yield run
    monkeypatch.undo()
    settings.cache_clear()


def test_the_command_exports_erases_and_finds_nothing_more(command, tmp_path: Path, monkeypatch) -> None:
    status, out, _ = command("export", "ada-talk", "--to", str(tmp_path / "ada.json"))
    assert (status, out) == (0, "") and "Ada Lovelace" in (tmp_path / "ada.json").read_text()
    status, _, err = command("export", "ada-talk", "--to", str(tmp_path / "ada.json"))
    assert status == 1 and "Name a new file" in err
    monkeypatch.setattr("sys.stdin", io.StringIO("ada@example.com\n"))
    status, out, _ = command("erase", "-")
    first = [json.loads(line) for line in out.splitlines()]
    assert status == 0 and first[0]["count"] == 4 and "example.com" not in out
    status, out, _ = command("erase", "ada@example.com")
    assert status == 0 and not any(json.loads(line)["count"] for line in out.splitlines()[:10])
    status, out, _ = command("expire")
    assert status == 0 and "180 days" in out
    assert command("erase", " ")[0] == 2


def test_a_wrong_key_changes_nothing(two: Server) -> None:
    with pytest.raises(BadKey), open_places(replace(two.settings, vault_key=Fernet.generate_key().decode())):
        pass
    assert len(two.rows("events")) == 8


def test_a_database_that_is_not_there_is_not_made(two: Server, tmp_path: Path) -> None:
    elsewhere = replace(two.settings, database_url=f"sqlite:///{tmp_path}/folder/none.db", vault_key="")
    with pytest.raises(NotReached, match="none.db"), open_places(elsewhere):
        pass
    assert not (tmp_path / "folder").exists()


def test_a_tracker_store_that_cannot_be_reached_is_refused(two: Server, tmp_path: Path) -> None:
    Path(two.settings.endpoints).write_text("tracker_store: {type: redis, url: localhost}")
    with pytest.raises(NotReached, match="'redis'"), open_places(two.settings):
        pass
    with pytest.raises(NotReached, match="SKYCAP_ENDPOINTS"), open_places(replace(two.settings, endpoints="none.yml")):
        pass


def test_what_lives_in_memory_or_is_published_is_in_the_receipt(two: Server) -> None:
    Path(two.settings.endpoints).write_text("event_broker: {type: pika, url: localhost}")
    with open_places(replace(two.settings, vault_url="memory:")) as places:
        beyond = {row.store: row.why for row in expire(places, NOW) if row.did == "not reached"}
    assert "conversations" in beyond["server"] and "vault" in beyond["server"] and "event broker" in beyond
    assert "backups" in beyond["copies"]


@pytest.mark.parametrize("days", ["0", "-1", "36501", "soon"])
def test_a_span_that_is_none_is_refused(days: str) -> None:
    with pytest.raises(BadSetting, match="SKYCAP_RETENTION_DAYS_HANDOFFS"):
        read_settings({"SKYCAP_RETENTION_DAYS_HANDOFFS": days})
