"""The application refuses to be made of parts that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sanic import response

from skycap.serving.agent import CannotServe
from skycap.serving.app import mask_errors, migrate, read_endpoints
from skycap.serving.model import newest_model
from skycap.settings import Settings


def test_a_model_is_an_archive_or_the_newest_one_of_a_directory(tmp_path: Path) -> None:
    for name in ("old.tar.gz", "new.tar.gz"):
        (tmp_path / name).write_bytes(b"")
    newest = max(tmp_path.iterdir(), key=lambda each: each.stat().st_ctime)
    assert newest_model(tmp_path / "old.tar.gz") == tmp_path / "old.tar.gz"
    assert newest_model(tmp_path).stat().st_ctime == newest.stat().st_ctime


@pytest.mark.parametrize("where", ["", "missing", "missing.tar.gz"])
def test_a_missing_model_says_how_to_get_one(tmp_path: Path, where: str) -> None:
    with pytest.raises(CannotServe, match="make train"):
        newest_model(tmp_path / where)


def test_a_missing_endpoints_file_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="SKYCAP_ENDPOINTS"):
        read_endpoints(Settings(endpoints=str(tmp_path / "missing.yml")))


@pytest.mark.parametrize("url", ["sqlite:////proc/none/flights.db", "postgresql://nobody@127.0.0.1:1/none", "what?"])
def test_a_flights_database_that_cannot_be_opened_is_said_without_its_password(url: str) -> None:
    with pytest.raises(CannotServe, match="SKYCAP_DATABASE_URL") as error:
        migrate(Settings(database_url=url, vault_key="A" * 43 + "="))
    assert "nobody" not in str(error.value)


def test_without_its_key_the_server_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="SKYCAP_VAULT_KEY is not set"):
        migrate(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
    address = f"sqlite:///{tmp_path}/flights.db"
    migrate(Settings(database_url=address))
    (tmp_path / "vault.key").unlink()  # lost, so another is made
    with pytest.raises(CannotServe, match="written with another key"):
        migrate(Settings(database_url=address))


CANARY = "a@b.co ４１１１１１１１１１１１１１１１"


@pytest.mark.parametrize("make", [response.json, response.text])
async def test_an_error_quotes_nothing_personal(make) -> None:
    for status in (400, 500):
        answer = make(f"Cannot read '{CANARY}'.", status=status)
        await mask_errors(None, answer)
        assert answer.body.decode().strip('"') == "Cannot read '[EMAIL] [CARD]'."
    answer = make(CANARY)
    whole = answer.body
    await mask_errors(None, answer)
    assert answer.body == whole
