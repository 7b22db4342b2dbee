"""Slack at /webhooks/slack/webhook: events, buttons; Rasa's signature check and output channel."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from rasa.core.channels.slack import SlackBot, SlackInput
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from skycap.channels.platforms import Incoming, Platform
from skycap.settings import Settings

LINK = re.compile(r"<(?:mailto|tel|https?):[^|>]*\|([^>]*)>")  # <mailto:a@b.com|a@b.com>
FILES = ("file_share",)


class SlackReplies(SlackBot):
    async def _post_message(self, channel: str, **words: Any) -> None:
        words.pop("as_user", None)  # Slack refuses both from apps of today
        words.pop("type", None)
        await super()._post_message(channel, **words)


class Slack(Platform):
    """Direct messages, mentions and buttons of one Slack app."""

    MOST_BUTTONS = 5

    def __init__(self, current: Settings) -> None:
        super().__init__(current)
        if self.is_open:
            self._slack = SlackInput(current.slack_token, slack_signing_secret=current.slack_signing_secret)

    @classmethod
    def name(cls) -> str:
        return "slack"

    def is_signed(self, request: Request) -> bool:
        return self._slack.is_request_from_slack_authentic(request)

    def answer(self, request: Request) -> HTTPResponse:
        return response.text(request.json.get("challenge") or "" if _is_json(request) else "")

    def read(self, request: Request) -> Sequence[Incoming]:
        return self._read_event(request.json) if _is_json(request) else self._read_click(request)

    def _read_event(self, delivery: dict[str, Any]) -> list[Incoming]:
        if delivery["type"] != "event_callback":  # Slack tries the address out
            return []
        event = delivery["event"]
        is_direct = event["type"] == "message" and event.get("channel_type") == "im"
        if not (is_direct or event["type"] == "app_mention") or event.get("bot_id") or not event.get("user"):
            return []
        if event.get("subtype") and event["subtype"] not in FILES:  # an edit, a deletion, somebody joined
            return []
        mine = [each["user_id"] for each in delivery.get("authorizations") or []]
        text = html.unescape(LINK.sub(r"\1", SlackInput._sanitize_user_message(event.get("text") or "", mine)))
        return [Incoming(event["user"], text or None, delivery["event_id"], event["channel"])]

    def _read_click(self, request: Request) -> list[Incoming]:
        click = json.loads(request.form["payload"][0])
        action = click["actions"][0]
        text = SlackInput._get_interactive_response(action)
        if not text:
            return []
        where = (click.get("channel") or {}).get("id")
        return [Incoming(click["user"]["id"], text, f"{click['user']['id']} {action['action_ts']}", where)]

    async def send(self, to: str, message: dict[str, Any]) -> None:
        replies = SlackReplies(self.settings.slack_token)
        replies.client.base_url = f"{self.api('https://slack.com/api')}/"
        await replies.send_response(to, message)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")
