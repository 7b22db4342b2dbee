"""Who a conversation is about: the names, addresses and phones of the vault, hidden wherever somebody says them.

Used where a text is kept that the form did not ask for: events, and what is said to a person at the desk.
"""

from __future__ import annotations

import re
from typing import Any

from skycap.vault.sealing import Vault

Known = list[tuple[re.Pattern[str], str]]


def persons(vault: Vault, conversation: str) -> Known:
    """A pattern and its token for each name, address and phone of a conversation, a whole name before half of it."""
    person = [
        (value, token)
        for token, value in vault.known(conversation).items()
        if token.startswith(("[NAME", "[EMAIL", "[PHONE"))
    ]
    return [(_pattern(value), token) for value, token in sorted(person, key=lambda each: -len(each[0]))]


def hide(content: Any, known: Known) -> Any:
    """A copy of texts, lists and dictionaries with the token in the place of every value that is known."""
    if isinstance(content, str):
        for pattern, token in known:
            content = pattern.sub(token, content)
        return content
    if isinstance(content, dict):
        return {key: hide(value, known) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [hide(each, known) for each in content]
    return content


def _pattern(value: str) -> re.Pattern[str]:
    words = r"\W+".join(map(re.escape, value.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
