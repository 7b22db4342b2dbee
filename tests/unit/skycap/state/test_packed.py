"""Packed texts come back, what is not packed too, and the search for personal data sees through the packing."""

from __future__ import annotations

import pytest

from skycap.state.packed import pack, unpack
from tests.e2e.canaries import hits

TEXT = '{"text": "write to canary@example.com ✈"}' * 9


def test_a_text_comes_back_shorter_on_the_way() -> None:
    assert unpack(pack(TEXT)) == TEXT and len(pack(TEXT)) < len(TEXT) / 3


@pytest.mark.parametrize("data", [b"[]", b"\xff\xfe", pack(TEXT)[:40], b""])
def test_what_is_damaged_comes_back_as_it_is(data: bytes) -> None:
    assert unpack(data) == data.decode("utf-8", "replace")


def test_the_search_for_canaries_finds_them_in_what_is_packed() -> None:
    sent = b"*3\r\n\x78\x9c$4\r\nHSET" + pack("nothing") + b"\r\n" + pack(TEXT) + b"\r\n" + b"more"
    assert hits(["canary@example.com"], {"Redis": sent}) == ["'canary@example.com' in Redis"]
    assert hits(["another@example.com"], {"Redis": sent}) == []
