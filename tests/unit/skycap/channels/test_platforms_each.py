"""What each platform does its own way: batches, media, edits, buttons, the first call."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from tests.platforms import (
    PLATFORMS,
    SENDERS,
    SETTINGS,
    delivery,
    facebook,
    slack,
    slack_signed,
    telegram,
    twilio,
)
from tests.unit.skycap.channels.platform_site import Site

BUTTONS = [{"title": "Yes", "payload": "yes"}, {"title": "A person", "payload": "a person please"}]


async def test_both_events_of_a_batch_are_answered_in_order(platform_site: Site) -> None:
    who = {"sender": {"id": SENDERS["facebook"]}, "timestamp": 1458692752478}
    await platform_site.take(
        facebook(
            [
                {**who, "message": {"mid": "m1", "text": "one"}},
                {**who, "delivery": {"mids": ["m0"], "watermark": 1}},
                {**who, "message": {"mid": "m2", "text": "echo", "is_echo": True}},
                {**who, "message": {"mid": "m3", "text": "Yes!", "quick_reply": {"payload": "yes"}}},
                {**who, "postback": {"title": "Start", "payload": "hello"}},
                {**who, "message": {"mid": "m4", "attachments": [{"type": "image", "payload": {"url": "https://x"}}]}},
            ]
        )
    )
    assert [each.text for each in platform_site.assistant.heard] == ["one", "yes", "hello"]
    assert platform_site.assistant.refused == ["utter_not_text"]


async def test_media_without_text_is_answered_that_only_text_is_read(platform_site: Site) -> None:
    media = {"Body": "", "NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg"}
    assert (await platform_site.take(twilio(media)))[0] == 200
    assert (await platform_site.take(twilio({"Body": "", "Latitude": "52.5", "Longitude": "13.4"}, id="2")))[0] == 200
    assert (await platform_site.take(twilio({**media, "Body": "my ticket¡home"}, id="3")))[0] == 200
    photo = {"message": {"message_id": 1, "chat": {"id": 5}, "photo": [{"file_id": "x"}]}}
    assert (await platform_site.take(telegram(photo)))[0] == 200
    file = {"type": "message", "subtype": "file_share", "channel_type": "im", "channel": "D1", "user": "U1", "text": ""}
    assert (await platform_site.take(slack(file)))[0] == 200
    assert platform_site.assistant.refused == ["utter_not_text"] * 4
    assert [each.text for each in platform_site.assistant.heard] == ["my [HANDLE:1]"]
    assert platform_site.api.said("twilio")[0] == (SENDERS["twilio"], "utter_not_text")


async def test_what_is_no_message_of_a_traveller_is_left_alone(platform_site: Site) -> None:
    direct = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "x"}
    chat = {"message_id": 1, "chat": {"id": 5}, "text": "x"}
    left_alone = [
        slack({**direct, "bot_id": "B1"}),
        slack({**direct, "subtype": "message_changed"}, id="2"),
        slack({**direct, "channel_type": "channel"}, id="3"),
        telegram({"edited_message": chat}),
        telegram({"channel_post": chat}, id="2"),
        telegram({"my_chat_member": {"chat": {"id": 5}}}, id="3"),
        telegram({"message": {"message_id": 1, "chat": {"id": 5}, "new_chat_members": []}}, id="4"),
    ]
    assert [(await platform_site.take(each))[0] for each in left_alone] == [200] * len(left_alone)
    assert not platform_site.assistant.heard and not platform_site.assistant.refused


async def test_slack_writes_its_own_way(platform_site: Site) -> None:
    text = "<@U0BOT> Tom &amp; me, <mailto:a@b.com|a@b.com>"
    await platform_site.take(slack({"type": "app_mention", "channel": "C1", "user": "U1", "text": text}))
    assert platform_site.assistant.heard[0].text == "Tom & me, [EMAIL:1]"
    assert platform_site.api.said("slack") == [("C1", "You said Tom & me, a@b.com")]
    assert not {"as_user", "type"} & set(platform_site.api.taken[0].fields)


async def test_platforms_try_the_address_out(platform_site: Site) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    assert await platform_site.take(slack_signed(challenge, "application/json")) == (200, "3eZbrw1aB")
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    path = "/webhooks/facebook/webhook"
    good = await platform_site.get(path, **asked, **{"hub.verify_token": SETTINGS["facebook_verify_token"]})
    assert good == (200, "1158201444")
    assert (await platform_site.get(path, **asked, **{"hub.verify_token": "x"}))[0] == 403
    assert (await platform_site.get(path, **asked))[0] == 403


async def test_buttons_are_shown_and_come_back(platform_site: Site) -> None:
    platform_site.assistant.reply = {"text": "Sure?", "buttons": BUTTONS}
    for platform in PLATFORMS:
        await platform_site.take(delivery(platform, "hello"))
    calls = {each.platform: each.fields for each in platform_site.api.taken if each.said}
    blocks = calls["slack"]["blocks"]
    assert [each["value"] for each in blocks[1]["elements"]] == ["yes", "a person please"]
    assert [each["payload"] for each in calls["facebook"]["message"]["quick_replies"]] == ["yes", "a person please"]
    keys = json.loads(calls["telegram"]["reply_markup"])["inline_keyboard"]
    assert [row[0]["callback_data"] for row in keys] == ["yes", "a person please"]
    assert calls["twilio"]["Body"] == "Sure?\n• Yes\n• A person"

    click = {
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "actions": [{"type": "button", "value": "yes", "action_ts": "1.2"}],
    }
    body = urlencode({"payload": json.dumps(click)}).encode()
    assert (await platform_site.take(slack_signed(body, "application/x-www-form-urlencoded")))[0] == 200
    click = {"callback_query": {"id": "77", "data": "yes", "message": {"chat": {"id": 5}}}}
    status, answer = await platform_site.take(telegram(click, id="9"))
    assert json.loads(answer) == {"method": "answerCallbackQuery", "callback_query_id": "77"}
    assert [each.text for each in platform_site.assistant.heard[-2:]] == ["yes", "yes"]


async def test_more_buttons_than_a_platform_shows_are_listed(platform_site: Site) -> None:
    platform_site.assistant.reply = {"text": "Which?", "buttons": [{"title": str(number)} for number in range(6)]}
    await platform_site.take(delivery("slack", "hello"))
    assert platform_site.api.said("slack")[0][1] == "Which?\n" + "\n".join(f"• {number}" for number in range(6))


async def test_tokens_stand_in_no_address_that_is_logged(platform_site: Site) -> None:
    await platform_site.take(delivery("facebook", "hello"))
    (call,) = [each for each in platform_site.api.taken if each.said]
    assert call.headers["Authorization"] == f"Bearer {SETTINGS['facebook_page_token']}"


async def test_the_first_word_of_a_telegram_chat_is_a_greeting(platform_site: Site) -> None:
    await platform_site.take(delivery("telegram", "/start"))
    assert platform_site.assistant.heard[0].text == "hello"


async def test_the_language_of_the_app_is_a_hint(platform_site: Site) -> None:
    words = {"message_id": 1, "chat": {"id": 5}, "text": "Berlin"}
    await platform_site.take(telegram({"message": {**words, "from": {"id": 5, "language_code": "de"}}}))
    await platform_site.take(telegram({"message": {**words, "from": {"id": 5, "language_code": 7}}}, id="2"))
    assert [each.metadata for each in platform_site.assistant.heard] == [{"locale": "de"}, None]
