"""Slack, Messenger, Telegram and Twilio, with the server as in production; only their own APIs are stood in for."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from benchmarks.server import ServerFailed, ServerProcess
from tests.platforms import PLATFORMS, SENDERS, SETTINGS, Delivery, PlatformServer, delivery, twilio


@pytest.fixture(scope="module")
def api() -> Iterator[PlatformServer]:
    server = PlatformServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory, api: PlatformServer) -> Iterator[ServerProcess]:
    settings = {**SETTINGS, "platforms_url": api.url, "today": "2027-03-01", "log_level": "DEBUG"}
    with ServerProcess(tmp_path_factory.mktemp("platforms"), **settings) as server:
        yield server


def take(server: ServerProcess, sent: Delivery) -> int:
    request = urllib.request.Request(server.url + sent.path, sent.body, sent.headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def say(server: ServerProcess, api: PlatformServer, platform: str, text: str) -> str:
    """Say it as a traveller of this platform; returns what the platform was told to show."""
    before = len(api.said(platform))
    assert take(server, delivery(platform, text, id=str(time.monotonic_ns()))) == 200
    return "\n".join(shown for _, shown in api.said(platform)[before:])


def test_every_platform_has_its_conversation_and_a_restart_keeps_it(
    open_server: ServerProcess, api: PlatformServer
) -> None:
    for platform in PLATFORMS:
        asked = say(open_server, api, platform, "Ｉ need a flight from Berlin to Rome on March 12")
        assert "come back" in asked or "your return" in asked, asked
    open_server.stop()
    open_server.start()
    for platform in PLATFORMS:
        say(open_server, api, platform, "one way")
        assert "Berlin (BER) to Rome" in say(open_server, api, platform, "two people")
        assert {to for to, _ in api.said(platform)} == {"D024BE91L" if platform == "slack" else SENDERS[platform]}


def test_media_gets_a_designed_reply(open_server: ServerProcess, api: PlatformServer) -> None:
    assert take(open_server, twilio({"Body": "", "NumMedia": "1", "MediaUrl0": "https://x"}, id="media")) == 200
    assert api.said("twilio")[-1][1].startswith("I can only read text.")


def test_nothing_that_is_written_names_who_wrote_or_holds_a_secret(
    open_server: ServerProcess, api: PlatformServer
) -> None:
    for platform in PLATFORMS:
        say(open_server, api, platform, "my e-mail is zanzibar.quokka@example.com")
    written = {path.name: path.read_bytes() for path in open_server.directory.iterdir() if path.is_file()}
    secrets = [value for name, value in SETTINGS.items() if name.endswith(("token", "secret"))]
    for hidden in ["zanzibar.quokka", *SENDERS.values(), *secrets]:
        assert not [name for name, content in written.items() if hidden.encode() in content], hidden


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_not_signed_is_refused(open_server: ServerProcess, platform: str) -> None:
    assert take(open_server, delivery(platform, "hello").unsigned()) == 401


def test_a_server_without_the_settings_has_no_such_webhook(server: ServerProcess) -> None:
    for platform in PLATFORMS:
        assert take(server, delivery(platform, "hello")) == 404


def test_half_the_settings_of_a_platform_refuse_the_start(tmp_path) -> None:
    server = ServerProcess(tmp_path, twilio_account_sid="AC1", twilio_auth_token="x")
    with pytest.raises(ServerFailed, match="SKYCAP_TWILIO_NUMBER, SKYCAP_PUBLIC_URL"):
        server.start()
