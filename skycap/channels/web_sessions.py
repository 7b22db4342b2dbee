"""Sessions of the web chat: the proof of who holds one, and what one needs to survive a lost connection.

Place in the flow: skycap/channels/web.py asks here whether a page may continue a session, and keeps the last replies
and message ids here. Memory only; nothing is written anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MIN_SECRET_CHARACTERS = 16

_SESSION_ID = re.compile(r"[0-9a-f]{32}")


class SessionTokens:
    """Issues session ids, each with a token that only the holder of `secret` can make."""

    def __init__(self, secret: str) -> None:
        """`secret` empty: a random one, so that sessions end with the process. ValueError if it is too short."""
        if secret and len(secret) < MIN_SECRET_CHARACTERS:
            raise ValueError(
                f"The web chat's secret is shorter than {MIN_SECRET_CHARACTERS} characters. "
                "Make one with `openssl rand -hex 32` and set SKYCAP_WEB_SECRET to it."
            )
        self._key = (secret or secrets.token_hex(32)).encode()

    def issue(self) -> tuple[str, str]:
        """Return a new session id and its token."""
        session_id = secrets.token_hex(16)
        return session_id, self.token(session_id)

    def token(self, session_id: str) -> str:
        """Return the token of `session_id`, 64 hexadecimal digits."""
        return hmac.new(self._key, f"skycap-web-session:{session_id}".encode(), hashlib.sha256).hexdigest()

    def are_valid(self, session_id: object, token: object) -> bool:
        """Whether both are of the right form and belong together; junk of any type is simply not valid."""
        if not isinstance(session_id, str) or not _SESSION_ID.fullmatch(session_id):
            return False
        if not isinstance(token, str) or not token.isascii():
            return False
        return hmac.compare_digest(token, self.token(session_id))


@dataclass
class LiveSession:
    """What one session needs to survive a lost connection. Memory only."""

    replies: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=30))
    running: set[str] = field(default_factory=set)
    done: deque[str] = field(default_factory=lambda: deque(maxlen=100))
    used_at: float = 0.0


class LiveSessions:
    """The sessions used in the last `idle_seconds`, at most `limit` of them; the longest unused go first."""

    def __init__(
        self, *, idle_seconds: float = 900.0, limit: int = 20_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions: OrderedDict[str, LiveSession] = OrderedDict()
        self._idle_seconds = idle_seconds
        self._limit = limit
        self._clock = clock

    def __len__(self) -> int:
        return len(self._sessions)

    def get(self, session_id: str) -> LiveSession:
        """Return the session, made if need be, and forget those that are due."""
        now = self._clock()
        session = self._sessions.setdefault(session_id, LiveSession())
        session.used_at = now
        self._sessions.move_to_end(session_id)
        while len(self._sessions) > 1:
            oldest_id, oldest = next(iter(self._sessions.items()))
            if len(self._sessions) <= self._limit and now - oldest.used_at <= self._idle_seconds:
                break
            del self._sessions[oldest_id]
        return session
