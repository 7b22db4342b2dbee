"""The vault: one contract for memory, SQLite, PostgreSQL and Redis; keys that rotate, are missing or wrong."""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import redis
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from skycap.settings import Settings
from skycap.vault import (
    BadKey,
    Keys,
    MemoryVault,
    RedisVault,
    SqlVault,
    Vault,
    hashed,
    hide,
    keys_of,
    open_vault,
    persons,
)

POSTGRES = os.environ.get("SKYCAP_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
KEY = Fernet.generate_key().decode()
SECONDS = 3600


class Clock:
    """A clock that the test sets."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opener = Callable[..., Any]


@pytest.fixture(params=["memory", "sqlite", "postgresql", "redis"])
def opener(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Opener]:
    """Opens the same empty vault, again and again; `keys` may differ."""
    kind, opened = request.param, []

    def remember(made: Any) -> Any:
        opened.append(made)
        return made

    if kind == "memory":
        kept = MemoryVault(Keys(KEY), SECONDS, clock)
        yield lambda keys=KEY: setattr(kept, "_keys", Keys(keys)) or kept
        return
    if kind == "sqlite":
        yield lambda keys=KEY: remember(SqlVault(Keys(keys), SECONDS, f"sqlite:///{tmp_path}/vault.db", clock))
    elif kind == "postgresql":
        schema = f"vault_{uuid.uuid4().hex[:12]}"
        server = create_engine(POSTGRES, future=True, connect_args={"connect_timeout": 2})
        try:
            with server.begin() as connection:
                connection.execute(text(f"CREATE SCHEMA {schema}"))
        except SQLAlchemyError:
            pytest.skip("No PostgreSQL answers. Start one to run this.")
        url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
        yield lambda keys=KEY: remember(SqlVault(Keys(keys), SECONDS, url.render_as_string(False), clock))
        for each in opened:
            each.close()
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        server.dispose()
        return
    else:
        client, prefix = redis.Redis.from_url(REDIS), f"test:{uuid.uuid4().hex}:"
        try:
            client.ping()
        except redis.ConnectionError:
            pytest.skip("No Redis answers. Start one to run this.")
        yield lambda keys=KEY: remember(RedisVault(Keys(keys), SECONDS, REDIS, clock, prefix))
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
        client.close()
    for each in opened:
        each.close()


@pytest.fixture
def kept(opener: Opener) -> Vault:
    return opener()


def test_a_value_comes_back_for_its_token(kept: Vault) -> None:
    token = kept.put("one", "EMAIL", "Alice@example.com")
    assert token == "[EMAIL:1]"
    assert kept.get("one", token) == "Alice@example.com"


def test_the_same_value_has_the_same_token_and_another_value_another(kept: Vault) -> None:
    said = [kept.put("one", "EMAIL", each) for each in ("a@b.co", "c@d.co", "a@b.co")]
    assert said == ["[EMAIL:1]", "[EMAIL:2]", "[EMAIL:1]"]
    assert kept.put("one", "PHONE", "a@b.co") == "[PHONE:1]"


def test_several_values_are_kept_at_once(kept: Vault) -> None:
    told = [
        ("NAME", "Ada Lovelace"),
        ("EMAIL", "a@b.co"),
        ("CARD", "4111111111111111"),
        ("NAME", "Ada"),
        ("NAME", "Ada"),
    ]
    tokens = kept.put_all("one", told)
    assert tokens == ["[NAME:1]", "[EMAIL:1]", "[CARD]", "[NAME:2]", "[NAME:2]"]
    assert kept.known("one") == {"[NAME:1]": "Ada Lovelace", "[EMAIL:1]": "a@b.co", "[NAME:2]": "Ada"}
    assert kept.put_all("one", []) == []


def test_a_token_says_nothing_in_another_conversation(kept: Vault) -> None:
    token = kept.put("one", "NAME", "Ada Lovelace")
    assert kept.get("two", token) is None
    assert kept.put("two", "NAME", "Grace Hopper") == token and kept.get("two", token) == "Grace Hopper"


def test_a_card_is_never_kept(kept: Vault) -> None:
    assert kept.put("one", "CARD", "4111111111111111") == "[CARD]"
    assert kept.get("one", "[CARD]") is None and kept.get("one", "[CARD:1]") is None
    assert kept.forget("one") == 0


@pytest.mark.parametrize("token", ["", "[EMAIL]", "[EMAIL:7]", "[EMAIL:1", "EMAIL:1", "[email:1]", "[CHECK:0]"])
def test_what_is_no_token_of_the_conversation_is_nothing(kept: Vault, token: str) -> None:
    kept.put("one", "EMAIL", "a@b.co")
    assert kept.get("one", token) is None


def test_a_conversation_can_be_forgotten(kept: Vault) -> None:
    token, other = kept.put("one", "EMAIL", "a@b.co"), kept.put("two", "EMAIL", "c@d.co")
    kept.put("one", "NAME", "Ada Lovelace")
    assert kept.forget("one") == 2
    assert kept.get("one", token) is None and kept.get("two", other) == "c@d.co"
    assert kept.forget("one") == 0


def test_replies_are_revealed_to_their_owner_alone(kept: Vault) -> None:
    token = kept.put("one", "EMAIL", "a@b.co")
    reply = {"text": f"To {token} or [EMAIL:9]?", "buttons": [{"title": token, "n": 1}], "none": None}
    assert kept.reveal("one", reply) == {
        "text": "To a@b.co or [EMAIL:9]?",
        "buttons": [{"title": "a@b.co", "n": 1}],
        "none": None,
    }
    assert kept.reveal("two", reply) == reply


def test_all_that_is_known_of_a_conversation_comes_at_once(kept: Vault) -> None:
    assert kept.known("one") == {}
    kept.put("one", "NAME", "Ada Lovelace")
    kept.put("one", "EMAIL", "a@b.co")
    kept.put("two", "EMAIL", "c@d.co")
    assert kept.known("one") == {"[NAME:1]": "Ada Lovelace", "[EMAIL:1]": "a@b.co"}


def test_all_values_can_be_gone_through_expired_or_not_and_discarded_by_hash(kept: Vault, clock: Clock) -> None:
    kept.prove()
    kept.put("one", "NAME", "Ada Lovelace")
    kept.put("two", "EMAIL", "c@d.co")
    clock.now += SECONDS + 1  # Redis has a clock of its own
    both = {(hashed("one"), "[NAME:1]", "Ada Lovelace"), (hashed("two"), "[EMAIL:1]", "c@d.co")}
    assert set(kept.values()) == both
    assert {value for _, _, value in kept.values(hashed("two"))} == {"c@d.co"}
    assert list(kept.values(hashed("three"))) == []
    assert kept.discard(hashed("one")) == 1 and kept.discard(hashed("one")) == 0
    assert {value for _, _, value in kept.values()} == {"c@d.co"}


def test_an_old_key_still_opens_what_it_sealed_and_gives_the_same_token(opener: Opener) -> None:
    token, new = opener().put("one", "EMAIL", "a@b.co"), Fernet.generate_key().decode()
    rotated = opener(f"{new},{KEY}")
    assert rotated.get("one", token) == "a@b.co" and rotated.put("one", "EMAIL", "a@b.co") == token
    rotated.prove()


def test_a_wrong_key_is_noticed_at_the_start(opener: Opener) -> None:
    opener().prove()
    opener().prove()
    with pytest.raises(BadKey, match="written with another key"):
        opener(Fernet.generate_key().decode()).prove()


def test_many_at_once_get_one_token_for_one_value(opener: Opener) -> None:
    kept = opener()
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda number: kept.put("one", "EMAIL", f"a{number % 4}@b.co"), range(40)))
    values = {token: kept.get("one", token) for token in tokens}
    assert [values[token] for token in tokens] == [f"a{number % 4}@b.co" for number in range(40)]
    assert len(values) == 4


def test_values_go_with_the_session(opener: Opener, clock: Clock) -> None:
    kept = opener()
    if isinstance(kept, RedisVault):
        kept.put("one", "EMAIL", "a@b.co")
        keys = [key for key in kept._redis.scan_iter(f"{kept._prefix}*") if not key.endswith("check")]
        assert keys and all(0 < kept._redis.ttl(key) <= SECONDS for key in keys)
        return
    token = kept.put("one", "EMAIL", "a@b.co")
    clock.now += SECONDS - 1
    kept.put("one", "PHONE", "+12025550143")  # the conversation goes on
    clock.now += SECONDS - 1
    assert kept.get("one", token) == "a@b.co"
    clock.now += 2
    assert kept.get("one", token) is None
    kept.expire()
    assert kept.forget("one") == 0


def test_no_value_can_be_read_where_it_is_kept(tmp_path: Path) -> None:
    kept = SqlVault(Keys(KEY), SECONDS, f"sqlite:///{tmp_path}/vault.db")
    kept.put("+12025550143", "EMAIL", "canary@example.com")
    kept.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in written and b"2025550143" not in written


def test_who_a_conversation_is_about_is_hidden_wherever_it_is_said() -> None:
    kept = MemoryVault(Keys(KEY), SECONDS)
    for kind, value in (("NAME", "Smith"), ("NAME", "Jordan Smith"), ("EMAIL", "a@b.co"), ("IP", "192.0.2.1")):
        kept.put("one", kind, value)
    said = {"lines": ["it is jordan  SMITH, a@b.co", ("Smithers of 192.0.2.1", 3)]}
    hidden = {"lines": ["it is [NAME:2], [EMAIL:1]", ["Smithers of 192.0.2.1", 3]]}
    assert hide(said, persons(kept, "one")) == hidden
    assert hide(said["lines"][0], persons(kept, "another")) == said["lines"][0]


def test_embedded_mode_makes_a_key_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    embedded = Settings(database_url=f"sqlite:///{tmp_path}/skycap.db")
    assert keys_of(embedded).texts == keys_of(embedded).texts
    file = tmp_path / "vault.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(BadKey, match="chmod 600"):
        keys_of(embedded)
    assert [each.name for each in tmp_path.iterdir()] == ["vault.key"]


def test_a_shared_database_needs_a_key_in_the_settings() -> None:
    with pytest.raises(BadKey, match="SKYCAP_VAULT_KEY is not set"):
        keys_of(Settings(database_url=POSTGRES))
    with pytest.raises(BadKey, match="SKYCAP_VAULT_KEY is not set"):
        keys_of(Settings(vault_url=REDIS))
    with pytest.raises(BadKey, match="no Fernet key"):
        keys_of(Settings(vault_key="secret"))


def test_settings_choose_where_values_are_kept(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/skycap.db"
    assert isinstance(open_vault(Settings(vault_url="memory:", database_url=address)), MemoryVault)
    open_vault(Settings(database_url=address)).put("one", "NAME", "Ada Lovelace")
    assert open_vault(Settings(database_url=address)).get("one", "[NAME:1]") == "Ada Lovelace"
    with pytest.raises(BadKey, match="written with another key"):
        open_vault(Settings(database_url=address, vault_key=KEY))
