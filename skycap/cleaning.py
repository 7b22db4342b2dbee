"""Cleaning of texts: what a message looks like before anybody reads it.

Level 0, text in, text out. `STEPS` is the order; every step, and all of them together, may run twice (idempotent).
`skycap/ingest.py` cleans what a channel brings, `skycap/nlu/cleaning.py` what reaches the pipeline without one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import emoji

MAX_CHARACTERS = 2000
# Emoji whose name is not what people say with them.
MEANINGS = {
    "👍": " yes ", "👌": " ok ", "👎": " no ", "❌": " no ", "✅": " yes ", "✔": " yes ", "🙏": " thank you ",
    "✈": " flight ", "👋": " hello ", "🆗": " ok ",
}  # fmt: skip
LINE_BREAKS = dict.fromkeys(map(ord, "\r\n\t"), " ")
NOT_WORDS = dict.fromkeys([0xFE0F, 0x200D, *range(0x1F3FB, 0x1F400)])  # "show as a picture", joiner, skin tones


@dataclass(frozen=True)
class Cleaned:
    """A cleaned message. `refusal` names the reply (utter_…) to give at once; then `text` is empty.

    `emoji` are those that became words, English ones: `say_otherwise` says them in another language.
    """

    text: str
    refusal: str | None = None
    emoji: tuple[str, ...] = field(default=(), compare=False)


def drop_pictures_of_signs(text: str) -> str:
    """No skin tones, no "show as a picture"; line breaks and tabs are spaces."""
    return text.translate(NOT_WORDS).translate(LINE_BREAKS)


def drop_control_characters(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each)[0] != "C")


def normalize(text: str) -> str:
    """One way to write each character (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def say_emoji(text: str) -> str:
    """Emoji as words: 👍 is a yes."""
    return emoji.replace_emoji(text.translate(NOT_WORDS), _say_one)


def fold_spaces(text: str) -> str:
    return " ".join(text.split())


def take_commands_for_words(text: str) -> str:
    """A typed "/intent" or EXTERNAL_ is words: Rasa believes them at confidence 1.0; our own buttons send words."""
    text = text.lstrip("/ ")
    while text.startswith("EXTERNAL_"):
        text = text.removeprefix("EXTERNAL_").lstrip("/ ")
    return text


def cap_length(text: str) -> str:
    """Letters that unfold into many stay within the limit too."""
    return text[:MAX_CHARACTERS].rstrip()


STEPS: tuple[Callable[[str], str], ...] = (
    drop_pictures_of_signs,
    drop_control_characters,
    normalize,
    say_emoji,
    fold_spaces,
    take_commands_for_words,
    cap_length,
)


def clean(text: object) -> Cleaned:
    """The text after all STEPS, or why it cannot be read. Never raises."""
    if text is None or text == "":
        return Cleaned("", "utter_empty_message")
    if not isinstance(text, str):
        return Cleaned("", "utter_not_text")
    if len(text) > MAX_CHARACTERS:
        return Cleaned("", "utter_message_too_long")
    found = () if text.isascii() else tuple(each["emoji"] for each in emoji.emoji_list(text.translate(NOT_WORDS)))
    for step in STEPS:
        text = step(text)
    return Cleaned(text, emoji=found) if text else Cleaned("", "utter_empty_message")


def leave_out(text: str, found: tuple[str, ...]) -> str:
    """A cleaned text without what its emoji became: they are of no language."""
    return say_otherwise(text, found, dict.fromkeys(found, ""))


def say_otherwise(text: str, found: tuple[str, ...], meanings: Mapping[str, str]) -> str:
    """A cleaned text in which some of its emoji are other words: 👍 is a "ja"."""
    for each in found:
        if each in meanings:
            said = _say_one(each, emoji.EMOJI_DATA.get(each, {})).strip()
            text = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", lambda _, new=meanings[each]: new, text, count=1)
    return fold_spaces(text) if found else text


def _say_one(symbol: str, names: Mapping[str, str]) -> str:
    return MEANINGS.get(symbol) or f" {names.get('en', '').strip(':').removeprefix('keycap_').replace('_', ' ')} "
