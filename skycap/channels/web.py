"""The chat page's channel: Socket.IO events in, one event per reply out.

Place in the flow: web/chat.js -> WebChat -> on_new_message -> WebChatOutput -> web/chat.js.

The page sends   session_request {session_id, token} or {}, user_uttered {message, id}
The page is sent session_confirm {session_id, token}, bot_typing, turn_done {id}, bot_error {text, code, id?},
                 bot_uttered {event_id, text, quick_replies: [{title, payload}], custom: {...}|null, image: url|null,
                              language?: code, spoken_by?: name, with_person?: name}

`spoken_by` is a person's name when not Skycap says it, `with_person` who the traveller is talking to from now on.

The server issues the session id (it is the conversation's sender_id) with a token that proves it; a client that cannot
show the token gets a new session, so nobody reads another's conversation. The page resends what it has no turn_done
for, and the last replies are kept in memory for a while: a lost connection loses nothing and repeats nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from skycap.channels.sanic_websocket import TaskWebSocket
from skycap.channels.web_output import WebChatOutput, new_id
from skycap.channels.web_sessions import LiveSession, LiveSessions, SessionTokens
from skycap.page import translated, words
from skycap.settings import kept_secret, settings

logger = logging.getLogger(__name__)

MAX_TEXT_CHARACTERS = 2000
MAX_RUNNING_TURNS = 20
TRANSPORTS = ("websocket", "polling")

_MESSAGE_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_LOCALE = re.compile(r"(?:^|,)\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")

# What only a program sees that speaks to the channel wrongly.
_MISTAKES = {
    "no_session": "There is no session yet. Send session_request first, and wait for session_confirm.",
    "malformed": 'That message cannot be read. Send {{"message": "some text", "id": "letters or digits"}}.',
}


@dataclass
class OpenPage:
    """One connected socket: the browser's first language that we speak, and the session once it has one."""

    locale: str | None
    session_id: str | None = None


class WebChat(SocketIOInput):
    """The input channel of the chat page, at /webhooks/socketio and /socket.io."""

    def __init__(
        self,
        *,
        secret: str = "",
        origins: Iterable[str] = (),
        live: LiveSessions | None = None,
        transports: Iterable[str] = TRANSPORTS,
    ) -> None:
        """Build the channel.

        Args:
            secret: signs the session ids; empty: a random one for this process (embedded mode).
            origins: other web origins that may connect, such as https://www.example.com. The page's own always may.
            live: where recent replies are kept; for tests.
            transports: long polling asks again and again, and only the worker that was asked first knows the page.

        Raises:
            ValueError: the secret is too short, or an origin is not one.
        """
        super().__init__(session_persistence=True)
        self._tokens = SessionTokens(secret)
        self._origins = frozenset(_origin(each) for each in origins)
        self._live = live if live is not None else LiveSessions()
        self._transports = list(transports)
        self._pages: dict[str, OpenPage] = {}  # by socket id

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChat:
        """Read `secret` and `origins` (a list, or separated by commas); what is missing comes from the settings."""
        credentials = credentials or {}
        if unknown := set(credentials) - {"secret", "origins"}:
            raise ValueError(f"credentials.yml gives the web chat {sorted(unknown)}; it knows only secret and origins.")
        origins = credentials.get("origins") or settings().web_origins
        if isinstance(origins, str):
            origins = [each.strip() for each in origins.split(",") if each.strip()]
        secret = credentials.get("secret") or settings().web_secret
        secret = secret or kept_secret(settings().variable_directory / "web.key")
        return cls(secret=secret, origins=origins, transports=TRANSPORTS[: 1 if settings().workers > 1 else None])

    def get_output_channel(self) -> WebChatOutput | None:
        return WebChatOutput(self.sio, self.bot_message_evt, self._live) if self.sio else None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        self.sio = AsyncServer(
            async_mode="sanic", cors_allowed_origins=self._is_allowed_origin, transports=self._transports
        )
        self.sio.eio._async = {**self.sio.eio._async, "websocket": TaskWebSocket}
        blueprint = SocketBlueprint(self.sio, self.socketio_path, "socketio_webhook", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.listener("before_server_stop")
        async def stop(_: Sanic, __: Any) -> None:
            await self.sio.shutdown()

        async def user_uttered(socket_id: str, *payload: Any) -> None:
            await self._take_message(socket_id, payload[0] if payload else None, on_new_message)

        # A client may send any event with any number of arguments, also those named like Socket.IO's own.
        self.sio.on("connect", self._connect)
        self.sio.on("disconnect", self._disconnect)
        self.sio.on("session_request", self._confirm_session)
        self.sio.on(self.user_message_evt, user_uttered)
        return blueprint

    def _is_allowed_origin(self, origin: str | None, environ: dict[str, Any]) -> bool:
        return origin in self._origins or bool(origin and urlsplit(origin).netloc == environ.get("HTTP_HOST"))

    async def _connect(self, socket_id: str, environ: Any = None, *_: Any) -> None:
        header = environ.get("HTTP_ACCEPT_LANGUAGE") if isinstance(environ, dict) else None
        accepted = _LOCALE.findall(header) if isinstance(header, str) else []
        known = [each for each in accepted if each.split("-")[0].lower() in translated()]
        self._pages.setdefault(socket_id, OpenPage(next(iter([*known, *accepted]), None)))

    async def _disconnect(self, socket_id: str, *_: Any) -> None:
        self._pages.pop(socket_id, None)

    async def _confirm_session(self, socket_id: str, *payload: Any) -> None:
        page = self._pages.get(socket_id)
        if page is None:
            return
        shown = payload[0] if payload and isinstance(payload[0], dict) else {}
        session_id, token = shown.get("session_id"), shown.get("token")
        if not self._tokens.are_valid(session_id, token):
            session_id, token = self._tokens.issue()
        if page.session_id not in (None, session_id):
            await self.sio.leave_room(socket_id, page.session_id)
        page.session_id = session_id
        await self.sio.enter_room(socket_id, session_id)
        await self.sio.emit("session_confirm", {"session_id": session_id, "token": token}, room=socket_id)
        session = self._live.get(session_id)
        for reply in list(session.replies):  # the page leaves out those it has
            await self.sio.emit(self.bot_message_evt, reply, room=socket_id)
        if session.running:
            await self.sio.emit("bot_typing", room=socket_id)

    async def _take_message(
        self, socket_id: str, payload: Any, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> None:
        page = self._pages.get(socket_id)
        if page is None:
            return
        text, message_id = _text_and_id(payload)
        session = self._live.get(page.session_id) if page.session_id else None
        if text is None:
            await self._refuse(socket_id, "malformed", message_id, page)
        elif session is None:
            await self._refuse(socket_id, "no_session", message_id, page)
        elif len(text) > MAX_TEXT_CHARACTERS:
            await self._refuse(socket_id, "too_long", message_id, page)
        elif message_id in session.running:  # sent again after a lost connection; its turn_done will come
            await self.sio.emit("bot_typing", room=socket_id)
        elif message_id in session.done:
            await self.sio.emit("turn_done", {"id": message_id}, room=socket_id)
        elif len(session.running) >= MAX_RUNNING_TURNS:
            await self._refuse(socket_id, "busy", message_id, page)
        else:
            await self._run_turn(page, session, text, message_id, on_new_message)

    async def _run_turn(
        self,
        page: OpenPage,
        session: LiveSession,
        text: str,
        message_id: str,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> None:
        session_id = page.session_id  # the page may start over during the turn
        session.running.add(message_id)
        output = WebChatOutput(self.sio, self.bot_message_evt, self._live, message_id)
        message = output.answers = UserMessage(
            text,
            output,
            session_id,
            input_channel=self.name(),
            message_id=message_id,
            metadata={"message_id": message_id, "locale": page.locale},
        )
        try:
            await self.sio.emit("bot_typing", room=session_id)
            await on_new_message(message)
            session.done.append(message_id)
        except Exception as error:
            # The type only: the message of an error may quote the traveller.
            logger.error("A web chat turn failed: %s", type(error).__name__)
            await self._refuse(session_id, "failed", message_id, page)
        finally:
            session.running.discard(message_id)
            await self.sio.emit("turn_done", {"id": message_id}, room=session_id)

    async def _refuse(self, room: str, code: str, message_id: str | None, page: OpenPage) -> None:
        text = _MISTAKES.get(code) or getattr(words(page.locale), code)
        event = {"text": text.format(limit=MAX_TEXT_CHARACTERS), "code": code, "id": message_id}
        await self.sio.emit("bot_error", event, room=room)


def _text_and_id(payload: Any) -> tuple[str | None, str | None]:
    """Return the text (None if there is none) and the message id (made here if there is none)."""
    if not isinstance(payload, dict):
        return None, None
    text, message_id = payload.get("message"), payload.get("id")
    if message_id is None:
        message_id = new_id()
    elif not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        return None, None
    if not isinstance(text, str) or not text.strip():
        return None, message_id
    return text.encode("utf-8", "replace").decode("utf-8"), message_id  # half a surrogate pair cannot be stored


def _origin(text: str) -> str:
    parts = urlsplit(text.strip().rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not a web origin. Write it as https://www.example.com, without a path.")
    return f"{parts.scheme}://{parts.netloc}".lower()
