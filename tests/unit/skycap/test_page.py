"""What the page and the server say themselves, in every language."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from skycap.page import PageWords, translated, words

NAMES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", translated())
def test_every_language_says_the_same(code: str) -> None:
    english, other = words("en"), words(code)
    assert other.labels.keys() == english.labels.keys()
    for key, text in english.labels.items():
        assert other.labels[key] and set(NAMES.findall(other.labels[key])) == set(NAMES.findall(text)), key
    for each in fields(PageWords):
        if each.name != "labels":
            assert set(NAMES.findall(getattr(other, each.name))) == set(NAMES.findall(getattr(english, each.name)))


def test_a_locale_has_its_language_and_others_the_default() -> None:
    assert words("de_AT") == words("de") != words("en")
    assert words("fr-FR") == words(None) == words("") == words("en")
