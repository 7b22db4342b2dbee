"""The vault: personal data behind typed tokens, encrypted, for as long as a conversation needs it.

Level 1. `skycap/ingest.py` puts values in, the action that writes a booking and the channel that answers the traveller
take them out; everything between sees `[EMAIL:1]`. Within a conversation the same value has the same token. Cards are
never kept. `keys` has the encryption, `sealing` what all vaults share, `stores` the places, `persons` hides who it is
about.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from skycap.settings import Settings, settings
from skycap.vault.keys import BadKey, Keys, keys_of
from skycap.vault.persons import hide, persons
from skycap.vault.sealing import TOKEN, Vault, hashed
from skycap.vault.stores import MemoryVault, RedisVault, SqlVault
from skycap.waiting import may_wait

__all__ = [
    "TOKEN",
    "BadKey",
    "Keys",
    "MemoryVault",
    "RedisVault",
    "SqlVault",
    "Vault",
    "hashed",
    "hide",
    "keys_of",
    "make_vault",
    "open_vault",
    "persons",
    "vault",
]


def open_vault(current: Settings) -> Vault:
    """The vault of these settings, proven to answer and to open with its key. Raises BadKey."""
    made = make_vault(current)
    made.prove()
    return made


def make_vault(current: Settings) -> Vault:
    """The vault of these settings. Raises BadKey."""
    keys, seconds = keys_of(current), int(current.vault_hours * 3600)
    if current.vault_url == "memory:":
        return MemoryVault(keys, seconds)
    if current.vault_url.startswith(("redis:", "rediss:")):
        return RedisVault(keys, seconds, current.vault_url)
    return SqlVault(keys, seconds, current.vault_url or current.flights_url)


def vault() -> Vault:
    """The vault of this process; connects on first use. That the key is right was proven at the start."""
    may_wait()
    return _vault_of(settings())


@lru_cache(maxsize=8)
def _vault_of(current: Any) -> Vault:
    return make_vault(current)
