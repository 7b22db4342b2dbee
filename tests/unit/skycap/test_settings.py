"""Settings: read from the environment, with defaults, and refused with a sentence."""

from __future__ import annotations

import stat
from dataclasses import fields
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from skycap.settings import BadSetting, Settings, kept_secret, read_settings


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("today", "2027-03-01", date(2027, 3, 1)),
        ("port", "8080", 8080),
        ("port", " 8080 ", 8080),
        ("turn_timeout_seconds", "2.5", 2.5),
        ("enable_api", "1", True),
        ("enable_api", "true", True),
        ("enable_api", "No", False),
        ("enable_api", "0", False),
        ("database_url", "postgresql://db/skycap", "postgresql://db/skycap"),
        ("web_origins", "https://a.example,https://b.example", "https://a.example,https://b.example"),
    ],
)
def test_a_setting_is_read_from_the_environment(name: str, text: str, value: object) -> None:
    assert getattr(read_settings({f"SKYCAP_{name.upper()}": text}), name) == value


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_unset_and_empty_mean_the_default_and_every_setting_says_what_it_is(name: str) -> None:
    field = next(each for each in fields(Settings) if each.name == name)
    assert getattr(read_settings({}), name) == field.default
    assert getattr(read_settings({f"SKYCAP_{name.upper()}": " "}), name) == field.default
    assert field.metadata["meaning"].endswith(".")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SKYCAP_PORT", "http"),
        ("SKYCAP_TODAY", "tomorrow"),
        ("SKYCAP_TODAY", "2027-02-30"),
        ("SKYCAP_ENABLE_API", "maybe"),
        ("SKYCAP_TURN_TIMEOUT_SECONDS", "long"),
    ],
)
def test_what_cannot_be_read_is_named_in_the_error(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name) as error:
        read_settings({name: text})
    assert text in str(error.value)
    assert "Correct it or unset it" in str(error.value)


@pytest.mark.parametrize("text", ["always", "8", "08:00-", "25:00-26:00", "08:00-08:00", "08:00-12:00-20:00"])
def test_hours_that_are_no_span_are_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="SKYCAP_HANDOFF_HOURS"):
        read_settings({"SKYCAP_HANDOFF_HOURS": text})
    assert read_settings({"SKYCAP_HANDOFF_HOURS": "20:00-06:00"}).handoff_hours == "20:00-06:00"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("SLACK_TOKEN", "SKYCAP_SLACK_SIGNING_SECRET"),
        ("FACEBOOK_APP_SECRET", "SKYCAP_FACEBOOK_PAGE_TOKEN, SKYCAP_FACEBOOK_VERIFY_TOKEN"),
        ("TELEGRAM_SECRET", "SKYCAP_TELEGRAM_TOKEN"),
        ("TWILIO_NUMBER", "SKYCAP_TWILIO_ACCOUNT_SID, SKYCAP_TWILIO_AUTH_TOKEN, SKYCAP_PUBLIC_URL"),
    ],
)
def test_half_the_settings_of_a_platform_are_refused(given: str, missing: str) -> None:
    with pytest.raises(BadSetting, match=rf"SKYCAP_{given} is set, but not {missing}\. "):
        read_settings({f"SKYCAP_{given}": "x"})


def test_a_platform_opens_with_all_its_settings() -> None:
    read = read_settings({"SKYCAP_SLACK_TOKEN": "x", "SKYCAP_SLACK_SIGNING_SECRET": "y"})
    assert read.opens("slack") and not read.opens("telegram")


def test_other_variables_are_left_alone() -> None:
    assert read_settings({"PORT": "1", "RASA_PORT": "2"}) == Settings()


def test_the_database_is_a_file_unless_an_address_is_given() -> None:
    assert Settings().flights_url.startswith("sqlite:///")
    assert Settings(database_url="postgresql://db/skycap").flights_url == "postgresql://db/skycap"


def test_a_fixed_today_moves_the_date_and_nothing_else() -> None:
    settings = Settings(today=date(2019, 3, 1))
    assert settings.today_in("Asia/Tokyo") == date(2019, 3, 1)
    now = settings.now()
    assert now.date() == date(2019, 3, 1)
    assert now.tzinfo is timezone.utc
    assert abs((Settings().now() - datetime.now(timezone.utc)).total_seconds()) < 60


def test_a_kept_secret_is_random_stays_the_same_and_is_its_owners(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "new" / "one.key")
    assert len(secret) >= 32
    assert kept_secret(tmp_path / "new" / "one.key") == secret
    assert kept_secret(tmp_path / "other.key") != secret
    assert stat.S_IMODE((tmp_path / "new" / "one.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, f"sqlite:///{Settings().variable_directory}/analytics.db"),
        ({"database_url": "sqlite:////srv/flights.db"}, "sqlite:////srv/analytics.db"),
        ({"database_url": "postgresql://db/skycap"}, "postgresql://db/skycap"),
        ({"database_url": "postgresql://db/skycap", "analytics_url": "sqlite:///a.db"}, "sqlite:///a.db"),
    ],
)
def test_figures_are_where_bookings_are_but_not_in_their_sqlite_file(given: dict[str, str], url: str) -> None:
    assert Settings(**given).figures_url == url
