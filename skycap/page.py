"""What the chat page says itself, and the server where no reply can be given: `languages/<code>/page.yml`.

Level 1. skycap/serving hands the labels to the page, skycap/channels/web.py and skycap/serving/agent.py say the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from flights import languages


@dataclass(frozen=True)
class PageWords:
    """The words of one language; `labels` are the page's own."""

    too_long: str
    busy: str
    failed: str
    unavailable: str
    labels: dict[str, str]


def words(locale: str | None) -> PageWords:
    """The words of a locale's language, the default's where there are none."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return languages.load(code if code in translated() else languages.DEFAULT, "page", PageWords)


def translated() -> tuple[str, ...]:
    """The languages that the page is written in."""
    return tuple(code for code in languages.codes() if (languages.FOLDER / code / "page.yml").is_file())
