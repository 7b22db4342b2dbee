"""The door: every message is cleaned here before anything stores it or thinks about it.

Level 2. Text in, text or a reason to answer at once out; the same text cleaned twice is the same (idempotent).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import emoji

MAX_CHARACTERS = 2000
# Emoji whose name is not what people say with them.
MEANINGS = {
    "👍": " yes ", "👌": " ok ", "👎": " no ", "❌": " no ", "✅": " yes ", "✔": " yes ", "🙏": " thank you ",
    "✈": " flight ", "👋": " hello ", "🆗": " ok ",
}  # fmt: skip
LINE_BREAKS = dict.fromkeys(map(ord, "\r\n\t"), " ")
NOT_WORDS = dict.fromkeys([0xFE0F, *range(0x1F3FB, 0x1F400)])  # "show as a picture", skin tones


@dataclass(frozen=True)
class Cleaned:
    """A cleaned message. `refusal` names the reply (utter_…) to give at once; then `text` is empty."""

    text: str
    refusal: str | None = None


def clean(text: object) -> Cleaned:
    """Control characters out, NFKC, emoji to words, white space folded, length capped. Never raises."""
    if text is None or text == "":
        return Cleaned("", "utter_empty_message")
    if not isinstance(text, str):
        return Cleaned("", "utter_not_text")
    if len(text) > MAX_CHARACTERS:
        return Cleaned("", "utter_message_too_long")
    text = text.translate(NOT_WORDS).translate(LINE_BREAKS)
    text = "".join(each for each in text if unicodedata.category(each)[0] != "C")
    text = emoji.replace_emoji(unicodedata.normalize("NFKC", text), _say_emoji)
    # Rasa believes a typed "/intent" at confidence 1.0; our own buttons send words.
    text = " ".join(text.split()).lstrip("/ ")[:MAX_CHARACTERS].rstrip()
    return Cleaned(text) if text else Cleaned("", "utter_empty_message")


def _say_emoji(symbol: str, names: dict[str, str]) -> str:
    return MEANINGS.get(symbol) or f" {names['en'].strip(':').removeprefix('keycap_').replace('_', ' ')} "
