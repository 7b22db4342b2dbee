"""Slack, Messenger, Telegram and Twilio for tests: what they deliver, signed, and a server that takes the replies.

The payloads are those of the platforms' documentation, shortened; who writes is made up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode

PUBLIC = "https://fly.example.com"
SETTINGS = {
    "public_url": PUBLIC,
    "slack_token": "xoxb-token-of-the-tests",
    "slack_signing_secret": "slack secret of the tests",
    "facebook_page_token": "page token of the tests",
    "facebook_app_secret": "facebook secret of the tests",
    "facebook_verify_token": "verify token of the tests",
    "telegram_token": "123456:token-of-the-tests",
    "telegram_secret": "telegram-secret-of-the-tests",
    "twilio_account_sid": "AC0123456789abcdef0123456789abcdef",
    "twilio_auth_token": "twilio token of the tests",
    "twilio_number": "+12025550100",
}
SENDERS = {"slack": "U2147483697", "facebook": "24681357902468", "telegram": "99887766", "twilio": "+12025550143"}
PLATFORMS = tuple(SENDERS)


@dataclass(frozen=True)
class Delivery:
    """A request of a platform: its headers hold the signature."""

    path: str
    headers: dict[str, str]
    body: bytes

    def unsigned(self) -> Delivery:
        return replace(self, headers={"Content-Type": self.headers["Content-Type"]})


def delivery(platform: str, text: str, *, id: str = "1") -> Delivery:
    """A message of this text."""
    who = SENDERS[platform]
    if platform == "slack":
        return slack(
            {
                "type": "message",
                "channel_type": "im",
                "channel": "D024BE91L",
                "user": who,
                "text": text,
                "ts": "1355517523.000005",
            },
            id=id,
        )
    if platform == "facebook":
        return facebook([{"sender": {"id": who}, "message": {"mid": f"m_{id}", "text": text}}])
    if platform == "telegram":
        return telegram(
            {"message": {"message_id": 7, "chat": {"id": int(who), "type": "private"}, "text": text}}, id=id
        )
    return twilio({"Body": text}, id=id)


def slack(event: dict[str, Any], *, id: str = "1", at: float | None = None) -> Delivery:
    body = {
        "type": "event_callback",
        "event": event,
        "event_id": f"Ev{id}",
        "authorizations": [{"user_id": "U0BOT", "is_bot": True}],
    }
    return slack_signed(json.dumps(body).encode(), "application/json", at=at)


def slack_signed(body: bytes, kind: str, *, at: float | None = None) -> Delivery:
    moment = str(int(at or time.time()))
    digest = _hmac("slack_signing_secret", b"v0:" + moment.encode() + b":" + body)
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}
    return Delivery("/webhooks/slack/webhook", headers, body)


def facebook(events: list[dict[str, Any]]) -> Delivery:
    body = json.dumps({"object": "page", "entry": [{"id": "1", "messaging": events}]}).encode()
    return facebook_signed(body)


def facebook_signed(body: bytes) -> Delivery:
    signature = f"sha256={_hmac('facebook_app_secret', body)}"
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature}
    return Delivery("/webhooks/facebook/webhook", headers, body)


def telegram(update: dict[str, Any], *, id: str = "1") -> Delivery:
    body = json.dumps({"update_id": int(id), **update}).encode()
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SETTINGS["telegram_secret"]}
    return Delivery("/webhooks/telegram/webhook", headers, body)


def twilio(fields: dict[str, str], *, id: str = "1") -> Delivery:
    path = "/webhooks/twilio/webhook"
    form = {"MessageSid": f"SM{id}", "From": SENDERS["twilio"], "To": SETTINGS["twilio_number"], **fields}
    signed = PUBLIC + path + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(SETTINGS["twilio_auth_token"].encode(), signed.encode(), hashlib.sha1).digest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": base64.b64encode(digest).decode(),
    }
    return Delivery(path, headers, urlencode(form).encode())


def _hmac(secret: str, body: bytes) -> str:
    return hmac.new(SETTINGS[secret].encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Taken:
    """A call of a platform's API."""

    platform: str
    path: str
    fields: dict[str, Any]
    headers: dict[str, str]

    @property
    def said(self) -> tuple[str, str] | None:
        """To whom, and the text; None when it is something else."""
        fields = self.fields
        if self.platform == "facebook":
            text, to = (fields.get("message") or {}).get("text"), fields["recipient"]["id"]
        elif self.platform == "twilio":
            text, to = fields.get("Body"), fields.get("To")
        else:
            text, to = fields.get("text"), fields.get("channel") or fields.get("chat_id")
        return (str(to), text) if text else None


class PlatformServer:
    """Stands for the APIs of all platforms, at `url`/NAME/…; refuses with `status` while that is set."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.status = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                _, platform, path = self.path.split("?")[0].split("/", 2)
                is_json = "json" in self.headers.get("Content-Type", "")
                fields = json.loads(body) if is_json else dict(parse_qsl(body))
                outer.taken.append(Taken(platform, path, fields, dict(self.headers)))
                chat = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
                answer = json.dumps({"ok": not outer.status, "result": chat, "sid": "SM1"}).encode()
                self.send_response(outer.status or 201 if platform == "twilio" else outer.status or 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def said(self, platform: str) -> list[tuple[str, str]]:
        """What a platform was told to say: to whom, which text."""
        return [each.said for each in self.taken if each.platform == platform and each.said]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
