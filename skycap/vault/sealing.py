"""What every vault promises, and what all share: sealing, tokens, hashed conversations.

`stores` has the places.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from skycap.vault.keys import BadKey, Keys

NEVER_KEPT = {"CARD"}
TOKEN = re.compile(r"\[([A-Z_]+):(\d{1,6})\]")
CHECK = "skycap"
WRONG_KEY = (
    "The vault was written with another key. Set SKYCAP_VAULT_KEY to that one (put a new key before it, separated by a "
    "comma, to change keys), or empty the vault."
)


class Vault(Protocol):
    """Values of conversations behind tokens."""

    def put(self, conversation: str, kind: str, value: str) -> str:
        """Keep a value; returns its token. What is never kept gets a token without a number."""

    def put_all(self, conversation: str, values: Sequence[tuple[str, str]]) -> list[str]:
        """As `put`, for several kinds and values at once, for which a database waits for its disk once."""

    def get(self, conversation: str, token: str) -> str | None:
        """The value of a token, None when there is none (any more)."""

    def known(self, conversation: str) -> dict[str, str]:
        """Every token of a conversation with its value."""

    def forget(self, conversation: str) -> int:
        """Delete what a conversation has here; returns how many values that were."""

    def expire(self) -> int:
        """Delete what has had its time; returns how many values that were."""

    def values(self, hashed_conversation: str = "") -> Iterator[tuple[str, str, str]]:
        """Hash of the conversation, token and value of all there is here (of one conversation), expired or not."""

    def discard(self, hashed_conversation: str) -> int:
        """As `forget`, for a conversation of which only the hash is known."""

    def prove(self) -> None:
        """Raises BadKey when what is here was written with another key."""

    def reveal(self, conversation: str, content: Any) -> Any:
        """A copy of texts, lists and dictionaries with every known token replaced by its value."""


class Sealed(NamedTuple):
    """A value on its way into a vault: its kind, what tells that it is the same, itself encrypted."""

    kind: str
    prints: list[str]
    sealed: str


class Sealing:
    """What all vaults share: sealing, tokens, the order of looking and writing."""

    def __init__(self, keys: Keys, seconds: int, clock: Callable[[], float] = time.time) -> None:
        self._keys, self._seconds, self._clock = keys, seconds, clock

    def put(self, conversation: str, kind: str, value: str) -> str:
        return self.put_all(conversation, [(kind, value)])[0]

    def put_all(self, conversation: str, values: Sequence[tuple[str, str]]) -> list[str]:
        kept = [
            Sealed(kind, self._keys.fingerprints(value), self._keys.seal(value))
            for kind, value in values
            if kind not in NEVER_KEPT
        ]
        numbers = iter(self._keep(hashed(conversation), kept) if kept else ())
        return [f"[{kind}]" if kind in NEVER_KEPT else f"[{kind}:{next(numbers)}]" for kind, _ in values]

    def get(self, conversation: str, token: str) -> str | None:
        named = TOKEN.fullmatch(token)
        sealed = self._fetch(hashed(conversation), named[1], int(named[2])) if named else None
        return None if sealed is None else self._keys.open(sealed)

    def known(self, conversation: str) -> dict[str, str]:
        sealed = self._fetch_all(hashed(conversation))
        return {f"[{kind}:{number}]": self._keys.open(each) for (kind, number), each in sealed.items()}

    def values(self, hashed_conversation: str = "") -> Iterator[tuple[str, str, str]]:
        for conversation, kind, number, sealed in self._all(hashed_conversation):
            yield conversation, f"[{kind}:{number}]", self._keys.open(sealed)

    def forget(self, conversation: str) -> int:
        return self.discard(hashed(conversation))

    def discard(self, hashed_conversation: str) -> int:
        raise NotImplementedError

    def reveal(self, conversation: str, content: Any) -> Any:
        known: dict[str, str] | None = None  # read once, and only where there is a token

        def value_of(hit: re.Match[str]) -> str:
            nonlocal known
            if known is None:
                known = self.known(conversation)
            return known.get(f"[{hit[1]}:{int(hit[2])}]") or hit.group()

        return _with_values(content, value_of)

    def prove(self) -> None:
        sealed = self._check(self._keys.seal(CHECK))
        try:
            self._keys.open(sealed)
        except BadKey:
            raise BadKey(WRONG_KEY) from None

    def _keep(self, conversation: str, values: Sequence[Sealed]) -> list[int]:
        """The numbers of these values, each among those of its kind."""
        raise NotImplementedError

    def _fetch(self, conversation: str, kind: str, number: int) -> str | None:
        raise NotImplementedError

    def _fetch_all(self, conversation: str) -> dict[tuple[str, int], str]:
        raise NotImplementedError

    def _all(self, conversation: str) -> list[tuple[str, str, int, str]]:
        """Hash, kind, number and sealed value, expired or not; of every conversation when the hash is empty."""
        raise NotImplementedError

    def _check(self, sealed: str) -> str:
        """The check value kept here; this one when there was none."""
        raise NotImplementedError


def _with_values(content: Any, value_of: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(content, str):
        return TOKEN.sub(value_of, content)
    if isinstance(content, dict):
        return {key: _with_values(value, value_of) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_with_values(each, value_of) for each in content]
    return content


def hashed(conversation: str) -> str:
    return hashlib.sha256(conversation.encode()).hexdigest()
