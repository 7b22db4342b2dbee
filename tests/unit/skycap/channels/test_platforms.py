"""What Slack, Messenger, Telegram and Twilio have in common: what they deliver comes in clean, and replies go back.

Only the platforms' own APIs are stood in for (tests/platforms.py). With the trained model: tests/e2e/test_platforms.py.
"""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from cryptography.fernet import Fernet

from skycap.channels.platforms import TOKEN
from skycap.channels.slack import Slack
from skycap.channels.telegram import Telegram
from skycap.channels.twilio import Twilio
from skycap.settings import BadSetting, Settings
from skycap.vault import MemoryVault
from tests.platforms import PLATFORMS, SENDERS, SETTINGS, Delivery, delivery, facebook_signed, slack, slack_signed
from tests.unit.skycap.channels.platform_site import Site


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_message_comes_in_clean_and_masked_and_the_reply_goes_back(platform_site: Site, platform: str) -> None:
    text = "Ｒome 👍 alice@example.com"
    assert (await platform_site.take(delivery(platform, text)))[0] == 200
    (heard,) = platform_site.assistant.heard
    assert heard.text == "Rome yes [EMAIL:1]"
    assert heard.input_channel == platform
    assert heard.metadata is None and heard.taken_in
    to = "D024BE91L" if platform == "slack" else SENDERS[platform]
    assert platform_site.api.said(platform) == [(to, "You said Rome yes alice@example.com")]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_nobody_is_named_by_a_number_of_theirs_and_later_words_arrive(
    platform_site: Site, platform: str, vault: MemoryVault
) -> None:
    await platform_site.take(delivery(platform, "hello"))
    conversation = platform_site.assistant.heard[0].sender_id
    assert conversation.startswith(f"{platform}-") and len(conversation) == len(platform) + 33
    assert SENDERS[platform].strip("+") not in conversation
    assert vault.get(conversation, TOKEN) == SENDERS[platform]
    restarted = type(platform_site.channels[platform])(platform_site.channels[platform].settings)
    again = restarted.get_output_channel()
    assert again.reaches(conversation) and not again.reaches("somebody else")
    await again.send_response(conversation, {"text": "a person here"})
    await again.send_response("somebody else", {"text": "to nobody"})
    await restarted.close()
    assert platform_site.api.said(platform)[1:] == [(SENDERS[platform], "a person here")]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_what_is_not_signed_reaches_nobody(platform_site: Site, platform: str) -> None:
    sent = delivery(platform, "hello")
    wrong = Delivery(
        sent.path, {**sent.headers, **{name: "no" for name in sent.headers if name[:2] == "X-"}}, sent.body
    )
    other = Delivery(sent.path, sent.headers, delivery(platform, "another text").body)
    refused = [sent.unsigned(), wrong] + ([other] if platform != "telegram" else [])  # Telegram signs no body
    for each in refused:
        status, answer = await platform_site.take(each)
        assert status == 401 and "signature" in answer
    assert not platform_site.assistant.heard and not platform_site.api.taken


async def test_a_server_that_masks_nothing_takes_nothing(platform_site: Site) -> None:
    del platform_site.app.ctx.masks  # plain `rasa run`
    for platform in PLATFORMS:
        status, answer = await platform_site.take(delivery(platform, "hello"))
        assert status == 503 and "skycap serve" in answer
    assert not platform_site.assistant.heard


async def test_an_old_delivery_of_slack_is_refused(platform_site: Site) -> None:
    event = {"type": "app_mention", "channel": "C1", "user": "U1", "text": "hi"}
    assert (await platform_site.take(slack(event, at=time.time() - 600)))[0] == 401


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_delivery_repeated_is_answered_once(platform_site: Site, platform: str) -> None:
    for number in ("1", "1", "2"):
        assert (await platform_site.take(delivery(platform, "hello", id=number)))[0] == 200
    assert len(platform_site.assistant.heard) == 2


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_what_could_not_be_stored_is_asked_for_again_and_the_traveller_told_once(
    platform_site: Site, platform: str
) -> None:
    assistant, sent = platform_site.assistant, delivery(platform, "hello", id="1")
    assistant.is_away = True
    assert [(await platform_site.take(sent))[0] for _ in range(3)] == [503] * 3
    assert [text for _, text in platform_site.api.said(platform)] == ["Not now."]
    assistant.is_away = False
    assert [(await platform_site.take(sent))[0] for _ in range(2)] == [200] * 2
    assert len(assistant.heard) == 1 and len(platform_site.api.said(platform)) == 2


async def test_a_delivery_repeated_during_its_turn_waits_for_it(platform_site: Site) -> None:
    assistant, sent = platform_site.assistant, delivery("telegram", "hello", id="1")
    assistant.may_answer.clear()
    both = [asyncio.create_task(platform_site.take(sent)) for _ in range(2)]
    done, _ = await asyncio.wait(both, timeout=0.3)
    assert not done  # a process killed now would have lost what it had taken
    assistant.may_answer.set()
    assert [status for status, _ in await asyncio.gather(*both)] == [200, 200]
    assert len(assistant.heard) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_platform_without_settings_is_closed(closed_platform_site: Site, platform: str) -> None:
    assert (await closed_platform_site.take(delivery(platform, "hello")))[0] == 404
    assert (await closed_platform_site.get(f"/webhooks/{platform}/"))[0] == 404
    assert closed_platform_site.channels[platform].get_output_channel() is None


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_failure_and_a_refusing_platform_are_logged_by_their_kind(
    platform_site: Site, platform: str, caplog: pytest.LogCaptureFixture
) -> None:
    platform_site.api.status = 400
    with caplog.at_level(logging.WARNING):
        for number, (text, status) in enumerate((("hello", 200), ("raise", 503))):
            assert (await platform_site.take(delivery(platform, text, id=str(number))))[0] == status
    logged = [each.getMessage() for each in caplog.records if each.name == "skycap.channels.platforms"]
    assert logged[0].startswith(f"{platform} did not take a reply: ")
    assert logged[1] == f"a message from {platform} could not be handled: RuntimeError"
    assert SENDERS[platform] not in caplog.text and "must not reach" not in caplog.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b"\xff", b"[" * 10_000])
async def test_what_cannot_be_read_is_refused(platform_site: Site, body: bytes) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": SETTINGS["telegram_secret"], "Content-Type": "application/json"}
    sent = [
        slack_signed(body, "application/json"),
        slack_signed(body, "application/x-www-form-urlencoded"),
        facebook_signed(body),
        Delivery("/webhooks/telegram/webhook", secret, body),
    ]
    assert [(await platform_site.take(each))[0] for each in sent] == [400] * 4
    assert not platform_site.assistant.heard


def test_a_new_key_before_the_old_one_keeps_conversations() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = Twilio(Settings(**SETTINGS, vault_key=old)).conversation_of("+12025550143")
    assert Twilio(Settings(**SETTINGS, vault_key=f"{new},{old}")).conversation_of("+12025550143") == before
    assert Twilio(Settings(**SETTINGS, vault_key=new)).conversation_of("+12025550143") != before


def test_values_in_credentials_and_a_wrong_token_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="SKYCAP_"):
        Slack.from_credentials({"slack_token": "xoxb"})
    with pytest.raises(BadSetting, match="SKYCAP_TELEGRAM_TOKEN"):
        Telegram(Settings(**{**SETTINGS, "telegram_token": "no token"}))
