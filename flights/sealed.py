"""Columns whose texts are encrypted: who travels and how to reach them.

The business knows no keys: whoever opens the database gives it a cipher with `use`. Read by `flights.database`.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

SEALED = "gAAAA"  # how every Fernet token begins


class Cipher(Protocol):
    def seal(self, text: str) -> str: ...

    def open(self, sealed: str) -> str: ...


class NoCipher(RuntimeError):
    """Personal data was about to be written or read without encryption."""


_cipher: Cipher | None = None


def use(cipher: Cipher) -> None:
    """Encrypt and decrypt with this, in this process."""
    global _cipher
    _cipher = cipher


def cipher() -> Cipher:
    if _cipher is None:
        raise NoCipher("The flights database has no key. Call flights.sealed.use(keys) before opening it.")
    return _cipher


class SealedText(TypeDecorator):
    """A text: plain in Python, encrypted in the table. What was written before there was encryption reads as it is."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine:
        # Encrypted it is longer than what was said. SQLite keeps the old length in its table and never looks at it.
        return dialect.type_descriptor(String(self.impl.length) if dialect.name == "sqlite" else Text())

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        return None if value is None else cipher().seal(value)

    def process_result_value(self, value: str | None, dialect: object) -> str | None:
        return value if value is None or not value.startswith(SEALED) else cipher().open(value)
