"""Every setting of Skycap, in one place: environment variables with the prefix SKYCAP_.

Level 0: imports nothing of ours and no Rasa. Read once per process with `settings()`; each field's metadata holds the
one line of meaning that `skycap settings` prints.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
MOST_DAYS = 36_500  # a century
PLATFORMS = {  # what each needs: all of it, or nothing
    "slack": ("slack_token", "slack_signing_secret"),
    "facebook": ("facebook_page_token", "facebook_app_secret", "facebook_verify_token"),
    "telegram": ("telegram_token", "telegram_secret"),
    "twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_number"),
}


class BadSetting(ValueError):
    """A setting has a value that cannot be read; the message says which and what is expected."""


def _setting(default: Any, meaning: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"meaning": meaning, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """Settings of one process. A field `port` is read from `SKYCAP_PORT`."""

    today: date | None = _setting(None, "A fixed today, YYYY-MM-DD, for tests and evaluation; empty: the real one.")
    database_url: str = _setting("", "SQLAlchemy URL of flights and bookings; empty: SQLite at var/skycap.db.")
    host: str = _setting("0.0.0.0", "Address to listen on.")
    port: int = _setting(5005, "Port to listen on.")
    workers: int = _setting(
        1, "Processes that answer; as many as there are cores for many travellers, 1 to try things out."
    )
    enable_api: bool = _setting(False, "1 also serves Rasa's HTTP API; never in public.")
    api_token: str = _setting("", "Token that guards Rasa's HTTP API.", secret=True)
    web_secret: str = _setting(
        "", "Secret that signs web chat sessions; empty: a key kept beside the database.", secret=True
    )
    web_origins: str = _setting("", "Web origins that may open the chat, separated by commas; empty: same origin only.")
    public_url: str = _setting(
        "", "Address under which platforms reach this server, such as https://fly.example.com; Twilio signs it."
    )
    slack_token: str = _setting("", "Bot token of the Slack app (xoxb-…); opens the channel.", secret=True)
    slack_signing_secret: str = _setting("", "Signing secret of the Slack app.", secret=True)
    facebook_page_token: str = _setting("", "Access token of the Facebook page; opens Messenger.", secret=True)
    facebook_app_secret: str = _setting("", "Secret of the Facebook app, which signs what it sends.", secret=True)
    facebook_verify_token: str = _setting("", "What you tell Facebook when it first calls the webhook.", secret=True)
    telegram_token: str = _setting("", "Token of the Telegram bot, from @BotFather; opens the channel.", secret=True)
    telegram_secret: str = _setting("", "The secret_token that the webhook was set with.", secret=True)
    twilio_account_sid: str = _setting("", "SID of the Twilio account (AC…); opens SMS and WhatsApp.")
    twilio_auth_token: str = _setting("", "Auth token of the Twilio account, which signs what it sends.", secret=True)
    twilio_number: str = _setting("", "Number that Twilio sends from, such as +12025550100 or whatsapp:+12025550100.")
    platforms_url: str = _setting("", "Stands for the APIs of these platforms in tests; empty: the real ones.")
    vault_key: str = _setting(
        "",
        "Fernet keys of personal data, separated by commas: the first encrypts, all decrypt; empty: a key kept beside "
        "the SQLite database.",
        secret=True,
    )
    vault_url: str = _setting(
        "", "Where personal data is kept: redis://…, a SQLAlchemy URL, memory:; empty: with bookings."
    )
    vault_hours: float = _setting(24.0, "So long after a conversation's last personal value its values are kept.")
    model: str = _setting("models", "Model archive, or the directory whose newest archive is served.")
    endpoints: str = _setting("endpoints.yml", "Rasa's endpoints file: where conversations, locks and events are kept.")
    window_turns: int = _setting(20, "So many turns of a conversation are live; older ones are kept, and not loaded.")
    analytics_url: str = _setting(
        "",
        "SQLAlchemy URL of the analytics tables; empty: where bookings are, in SQLite a file analytics.db beside them.",
    )
    analytics_seconds: float = _setting(
        60.0, "So often turns flow into the analytics tables; 0: only with `skycap report --refresh`."
    )
    log_level: str = _setting("WARNING", "DEBUG, INFO, WARNING or ERROR.")
    handoff_patience_minutes: float = _setting(
        5.0, "A traveller who waits longer for a person is told once that nobody is free yet."
    )
    handoff_hours: str = _setting(
        "", "Hours in UTC when people answer travellers, such as 08:00-20:00; empty: at any time."
    )
    button_minutes: float = _setting(60.0, "So long after it was shown a button may be pressed.")
    turn_timeout_seconds: float = _setting(30.0, "After so long a turn is given up and the traveller told.")

    proof_lock_minutes: float = _setting(
        30.0, "How long a booking and a conversation are locked after three wrong tries at reference and last name."
    )

    retention_days_conversations: int = _setting(
        30, "`skycap privacy expire` deletes what was said longer ago than so many days."
    )
    retention_days_handoffs: int = _setting(
        30, "`skycap privacy expire` deletes hand-overs to a person in which nothing happened for so many days."
    )
    retention_days_bookings: int = _setting(
        180, "`skycap privacy expire` takes out of bookings who flew, so many days after the last flight."
    )

    retention_days_analytics: int = _setting(
        400,
        "`skycap privacy expire` deletes figures of sessions that ended longer ago than so many days.",
    )

    @property
    def variable_directory(self) -> Path:
        """Where embedded mode keeps its databases and keys."""
        return ROOT / "var"

    @property
    def flights_url(self) -> str:
        """SQLAlchemy URL of the business database."""
        return self.database_url or f"sqlite:///{self.variable_directory / 'skycap.db'}"

    @property
    def figures_url(self) -> str:
        """SQLAlchemy URL of the analytics tables. Not in the file of the bookings: SQLite has one writer at a time."""
        kind, _, path = self.flights_url.partition(":///")
        if self.analytics_url or not kind.startswith("sqlite") or not path:
            return self.analytics_url or self.flights_url
        return f"{kind}:///{Path(path).with_name('analytics.db')}"

    def opens(self, platform: str) -> bool:
        """Whether the settings of this platform are set."""
        return all(getattr(self, name) for name in PLATFORMS[platform])

    def today_in(self, zone: str = "UTC") -> date:
        """Today's date where the traveller is: the fixed one if set, else the clock's in `zone` (IANA name)."""
        return self.today or datetime.now(ZoneInfo(zone)).date()

    def now(self) -> datetime:
        """The current moment in UTC. A fixed today moves the date and keeps the time of day."""
        now = datetime.now(timezone.utc)
        return now.replace(year=self.today.year, month=self.today.month, day=self.today.day) if self.today else now


def kept_secret(path: Path) -> str:
    """A random secret kept in the file at `path`, made on first use and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written elsewhere and linked: two processes that start together never read half a secret.
    made = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32))
    with suppress(FileExistsError):
        os.link(made, path)
    made.unlink()
    return path.read_text().strip()


def _read(name: str, kind: str, text: str) -> Any:
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        if kind == "date | None":
            return date.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"{name}={text!r} cannot be read as {kind.split(' ')[0]}. Correct it or unset it.") from None
    if kind == "bool":
        if text.lower() not in {"0", "1", "false", "true", "no", "yes"}:
            raise BadSetting(f"{name}={text!r} is neither 0 nor 1. Correct it or unset it.")
        return text.lower() in {"1", "true", "yes"}
    return text


def _check_hours(hours: str) -> None:
    try:
        begin, end = (time.fromisoformat(each.strip()) for each in hours.split("-")) if hours else (None, None)
    except ValueError:
        begin = end = time()
    if hours and begin == end:
        raise BadSetting(f"SKYCAP_HANDOFF_HOURS={hours!r} is no span of hours. Write it as 08:00-20:00 or unset it.")


def _check_days(values: Mapping[str, Any]) -> None:
    for name, days in values.items():
        if name.startswith("retention_days_") and not 1 <= days <= MOST_DAYS:
            raise BadSetting(f"SKYCAP_{name.upper()}={days} is not 1 to {MOST_DAYS} days. Correct or unset it.")


def _check_platforms(values: Mapping[str, Any]) -> None:
    for platform, names in PLATFORMS.items():
        given = [name for name in names if name in values]
        needed = (*names, "public_url") if platform == "twilio" else names
        missing = [f"SKYCAP_{name.upper()}" for name in needed if name not in values]
        if given and missing:
            raise BadSetting(
                f"SKYCAP_{given[0].upper()} is set, but not {', '.join(missing)}. Set all that {platform} needs "
                "(docs/channels.md), or none."
            )


def _check_counts(values: Mapping[str, Any]) -> None:
    for name in ("window_turns", "workers"):
        if values.get(name, 1) < 1:
            raise BadSetting(f"SKYCAP_{name.upper()}={values[name]} is not 1 or more. Correct or unset it.")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from `environment`. Raises BadSetting for a value that cannot be read; unset and empty mean default."""
    values = {}
    for each in fields(Settings):
        name = f"SKYCAP_{each.name.upper()}"
        if text := environment.get(name, "").strip():
            values[each.name] = _read(name, str(each.type), text)
    _check_hours(values.get("handoff_hours", ""))
    _check_days(values)
    _check_platforms(values)
    _check_counts(values)
    return Settings(**values)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)
