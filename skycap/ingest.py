"""The door: every message is cleaned and masked here before anything stores it, logs it or thinks about it.

Level 2. `STEPS` is the order of cleaning, each step text in, text out; then `shield` puts personal data into the vault.
Text in, text or a reason to answer at once out; the same text taken twice is the same (idempotent).
"""

from __future__ import annotations

import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import emoji

from skycap import privacy
from skycap.vault import Vault

MAX_CHARACTERS = 2000
MAX_DEPTH = 6  # of metadata
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
    return emoji.replace_emoji(text, _say_one)


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
    for step in STEPS:
        text = step(text)
    return Cleaned(text) if text else Cleaned("", "utter_empty_message")


def ingest(text: object, conversation: str, vault: Vault, halves: HalfCards | None = None) -> Cleaned:
    """The whole chain: cleaned, then shielded. Raises what the vault raises: nothing goes on unmasked."""
    cleaned = clean(text)
    if cleaned.refusal:
        return cleaned
    joined = halves.join(conversation, cleaned.text) if halves else cleaned.text
    return replace(cleaned, text=cap_length(shield(joined, conversation, vault)))


def shield(text: str, conversation: str, vault: Vault) -> str:
    """The text with personal data as tokens of the vault; a token that somebody made up is none any more."""
    text = privacy.TOKEN.sub(lambda hit: _known_token(hit.group(), hit["number"], conversation, vault), text)
    return privacy.replace(text, lambda kind, value: vault.put(conversation, kind, value))


def shield_data(data: Any, depth: int = 0) -> Any:
    """Metadata with personal data masked for good, in keys too; what is nested too deep is left out."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(data, str):
        return privacy.mask(data[:MAX_CHARACTERS])
    if isinstance(data, dict):
        return {shield_data(str(key)): shield_data(value, depth + 1) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [shield_data(each, depth + 1) for each in data]
    if isinstance(data, (int, float)) and not isinstance(data, bool) and abs(data) >= 1_000_000:
        masked = privacy.mask(str(data))
        return data if masked == str(data) else masked
    return data


class HalfCards:
    """Finds a card whose number came in two messages in a row; its first half lives in memory only, for minutes."""

    SECONDS = 600
    MOST = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tails: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def join(self, conversation: str, text: str) -> str:
        """The text, its beginning masked when it is the end of a card; what may be a beginning is kept for the next."""
        at, tail = self._tails.pop(conversation, (0.0, ""))
        if tail and self._clock() - at < self.SECONDS and (end := privacy.end_of_card(tail, text)):
            return f"[CARD]{text[end:]}"
        if tail := privacy.start_of_card(text):
            self._tails[conversation] = self._clock(), tail
            if len(self._tails) > self.MOST:
                self._tails.popitem(last=False)
        return text


def _known_token(token: str, number: str | None, conversation: str, vault: Vault) -> str:
    if number is None or vault.get(conversation, token) is not None:
        return token
    return token.strip("[]").replace(":", " ")


def _say_one(symbol: str, names: dict[str, str]) -> str:
    return MEANINGS.get(symbol) or f" {names['en'].strip(':').removeprefix('keycap_').replace('_', ' ')} "
