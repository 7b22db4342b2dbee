"""Session tokens and what is kept of live sessions."""

from __future__ import annotations

import pytest

from skycap.channels.web_sessions import LiveSessions, SessionTokens

SECRET = "a secret of the tests, long enough"


def test_tokens_of_the_same_secret_outlive_the_process() -> None:
    session_id, token = SessionTokens(SECRET).issue()
    assert SessionTokens(SECRET).are_valid(session_id, token)
    assert not SessionTokens("").are_valid(session_id, token)
    assert SessionTokens("").issue() != SessionTokens("").issue()


def test_idle_and_surplus_sessions_are_forgotten() -> None:
    now = 0.0
    live = LiveSessions(idle_seconds=60, limit=3, clock=lambda: now)
    first = live.get("first")
    first.done.append("m-1")
    now = 59.0
    assert live.get("first") is first
    now = 118.0
    live.get("second")
    assert live.get("first") is first
    now = 178.5
    live.get("third")
    assert len(live) == 1
    assert live.get("first") is not first
    for name in "abcdef":
        live.get(name)
    assert len(live) == 3


def test_short_secret_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="openssl rand"):
        SessionTokens("short")
