"""What the chat page is sent: one Socket.IO event for each reply.

Place in the flow: on_new_message -> here -> web/chat.js. `skycap/channels/web.py` names the events.
"""

from __future__ import annotations

import uuid
from itertools import count
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.socketio import SocketIOOutput
from socketio import AsyncServer

from skycap.channels.web_sessions import LiveSessions


class WebChatOutput(SocketIOOutput):
    """Sends each reply as one `bot_uttered` event to every open page of the session.

    A reply to a message has the same id whenever and by whichever worker it is sent, so that a page shows it once.
    """

    def __init__(
        self, sio: AsyncServer, bot_message_evt: str, live: LiveSessions, message_id: str | None = None
    ) -> None:
        super().__init__(sio, bot_message_evt)
        self._live = live
        self.answers: UserMessage | None = None  # its metadata gets the language of the turn
        self._ids = (f"{message_id}-{number}" for number in count(1)) if message_id else iter(new_id, None)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        buttons = message.get("buttons") or message.get("quick_replies") or []
        reply = {
            "text": (message.get("text") or "").strip(),
            "quick_replies": [
                {"title": each["title"], "payload": each.get("payload") or each["title"]} for each in buttons
            ],
            "custom": message.get("custom") or None,
            "image": message.get("image") or None,
        }
        if any(reply.values()):
            people = {key: message[key] for key in ("spoken_by", "with_person") if message.get(key)}
            language = (self.answers.metadata or {}).get("language") if self.answers else None
            if language:
                people["language"] = language["reply"]
            if line := message.get("handoff_line"):
                people["event_id"] = f"line-{line}"
            await self._send_message(recipient_id, {**reply, **people})

    def reaches(self, recipient_id: str) -> bool:
        """Whether a page of this session is open."""
        return any(True for _ in self.sio.manager.get_participants("/", recipient_id))

    async def _send_message(self, socket_id: str, response: Any) -> None:
        event = {"event_id": next(self._ids), **response}
        self._live.get(socket_id).replies.append(event)
        await self.sio.emit(self.bot_message_evt, event, room=socket_id)

    # Rasa's own callers of these are few, yet a reply must look the same whichever door it takes.
    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"text": text})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        await self.send_response(recipient_id, {"text": text, "buttons": buttons})

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"image": image})

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"custom": json_message})


def new_id() -> str:
    """An id that nobody else has."""
    return uuid.uuid4().hex
