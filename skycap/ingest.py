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
    "👍": " yes ", "👌": " ok ", "👎": " no ", "❌": " no ", "✅": " yes ", "✔": " yes ", "🙏": " thank you ", "✈": " flight ",
    "👋": " hello ", "🆗": " ok ",
}  # fmt: skip
SKIN_TONES = dict.fromkeys(range(0x1F3FB, 0x1F400))


@dataclass(frozen=True)
class Cleaned:
    """A cleaned message. `refusal` names the reply (utter_…) to give at once; then `text` is empty."""

    text: str
    refusal: str | None = None


def clean(text: object) -> Cleaned:
    """NFKC, emoji to words, control characters out, white space folded, length capped. Never raises."""
    if text is None or text == "":
        return Cleaned("", "utter_empty_message")
    if not isinstance(text, str):
        return Cleaned("", "utter_not_text")
    if len(text) > MAX_CHARACTERS:
        return Cleaned("", "utter_message_too_long")
    text = text.translate(SKIN_TONES).replace("\ufe0f", "")
    for symbol, meaning in MEANINGS.items():
        text = text.replace(symbol, meaning)
    text = emoji.demojize(text, delimiters=(" ", " ")).replace("_", " ") if emoji.emoji_count(text) else text
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if each in "\r\n\t" else each for each in text if each in "\r\n\t" or unicodedata.category(each)[0] != "C")
    text = " ".join(text.split())[:MAX_CHARACTERS]
    return Cleaned(text) if text else Cleaned("", "utter_empty_message")
