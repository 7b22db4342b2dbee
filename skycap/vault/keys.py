"""Encryption: Fernet keys from the settings, or a file that embedded mode makes for itself.

Several keys, separated by commas, rotate: the first encrypts, all decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy.engine import make_url

from skycap.settings import Settings

MAKE_ONE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class BadKey(RuntimeError):
    """The vault must not be used; the message says what to do."""


class Keys:
    """Encrypts and decrypts texts."""

    def __init__(self, text: str) -> None:
        """Read Fernet keys separated by commas. Raises BadKey."""
        self.texts = tuple(each.strip() for each in text.split(",") if each.strip())
        try:
            fernets = [Fernet(each.encode()) for each in self.texts]
        except ValueError:
            raise BadKey(f"SKYCAP_VAULT_KEY holds something that is no Fernet key. Make one with: {MAKE_ONE}") from None
        if not fernets:
            raise BadKey(f"SKYCAP_VAULT_KEY is empty. Make a key with: {MAKE_ONE}")
        self._fernet = MultiFernet(fernets)

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises BadKey when the text was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise BadKey("A value cannot be decrypted. Is SKYCAP_VAULT_KEY the key it was written with?") from None

    def fingerprints(self, text: str) -> list[str]:
        """What tells that two values are the same without saying either, one for each key."""
        return [hmac.new(each.encode(), text.encode(), hashlib.sha256).hexdigest() for each in self.texts]


def keys_of(settings: Settings) -> Keys:
    """The keys of these settings. Raises BadKey when they are missing where several processes need the same."""
    if settings.vault_key:
        return Keys(settings.vault_key)
    url = make_url(settings.flights_url)
    shared = settings.vault_url not in ("", "memory:") or url.get_backend_name() != "sqlite"
    if shared:
        raise BadKey(
            "SKYCAP_VAULT_KEY is not set, and without it personal data cannot be encrypted. Every process needs the "
            f"same key. Make one with: {MAKE_ONE}"
        )
    if url.database in (None, "", ":memory:"):
        return Keys(_kept_key(settings.variable_directory / "vault.key"))
    return Keys(_kept_key(Path(url.database).with_name("vault.key")))


def _kept_key(path: Path) -> str:
    """The key in the file at `path`, made on first use. Raises BadKey when others may read it or it is empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Written elsewhere and linked: two processes that start together never read half a key.
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(Fernet.generate_key().decode())
        try:
            os.link(made, path)
        finally:
            made.unlink()
    except FileExistsError:
        pass
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadKey(f"{path.name} beside the database can be read by others. Run chmod 600 on it.")
    return path.read_text().strip()
