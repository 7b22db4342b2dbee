"""A reply has the same id whichever worker sends it, so that the page shows it once."""

from __future__ import annotations

from rasa.core.channels.channel import UserMessage
from socketio import AsyncServer

from skycap.channels.web_output import WebChatOutput
from skycap.channels.web_sessions import LiveSessions

REPLIES = ({"text": "Here they are."}, {"text": "Which one?", "buttons": [{"title": "The first"}]})


async def sent(message_id: str | None, *replies: dict) -> list[str]:
    """The ids of these replies, as a worker of its own sends them."""
    live = LiveSessions()
    output = WebChatOutput(AsyncServer(async_mode="asgi"), "bot_uttered", live, message_id)
    for each in replies:
        await output.send_response("session", each)
    return [each["event_id"] for each in live.get("session").replies]


async def test_what_is_sent_again_has_the_ids_of_the_first_time() -> None:
    first = await sent("a1b2", *REPLIES)
    assert len(set(first)) == 2
    assert await sent("a1b2", *REPLIES) == first
    assert not set(await sent("c3d4", *REPLIES)) & set(first)


async def test_a_persons_line_has_one_id_without_a_message() -> None:
    line = {"text": "Hello, this is Ann.", "spoken_by": "Ann", "handoff_line": 7}
    assert await sent(None, line) == await sent("a1b2", line) == ["line-7"]


async def test_what_answers_no_message_has_an_id_of_its_own() -> None:
    assert await sent(None, *REPLIES) != await sent(None, *REPLIES)


async def test_a_reply_says_in_which_language_the_turn_is() -> None:
    live = LiveSessions()
    output = WebChatOutput(AsyncServer(async_mode="asgi"), "bot_uttered", live, "a1b2")
    output.answers = UserMessage("hallo", metadata={"locale": "fr"})
    await output.send_response("session", {"text": "Hello"})
    output.answers.metadata = {"language": {"reply": "de"}}
    await output.send_response("session", {"text": "Hallo"})
    assert [each.get("language") for each in live.get("session").replies] == [None, "de"]
