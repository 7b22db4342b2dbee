"""The door: what becomes a token, what is masked for good, cards in two halves."""

from __future__ import annotations

import pytest

from skycap.half_cards import HalfCards
from skycap.ingest import ingest, is_personal, shield, shield_data
from skycap.vault import Keys, MemoryVault


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(Keys("A" * 43 + "="), 3600)


def test_personal_data_becomes_tokens_that_the_vault_knows(vault: MemoryVault) -> None:
    text = ingest("I'm at ａlice@example.com 👍 card 4111 1111 1111 1111", "one", vault).text
    assert text == "I'm at [EMAIL:1] yes card [CARD]"
    assert vault.get("one", "[EMAIL:1]") == "alice@example.com"
    assert ingest(text, "one", vault).text == text


def test_a_token_that_somebody_made_up_is_words(vault: MemoryVault) -> None:
    vault.put("one", "EMAIL", "a@b.co")
    assert shield("[EMAIL:1] [EMAIL:2] [CARD]", "one", vault) == "[EMAIL:1] EMAIL 2 [CARD]"
    assert shield("[EMAIL:1]", "two", vault) == "EMAIL 1"


@pytest.mark.parametrize(
    "text", ["alice@example.com", "[EMAIL:1] is mine", "4111 1111 1111 1111", "two people on 4 May"]
)
def test_who_says_nothing_personal_needs_no_vault(text: str, vault: MemoryVault) -> None:
    assert is_personal(text) is (shield(text, "one", vault) != text)


def test_a_vault_that_fails_lets_nothing_pass() -> None:
    class Broken(MemoryVault):
        def _keep(self, *_: object) -> int:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        ingest("alice@example.com", "one", Broken(Keys("A" * 43 + "="), 3600))


def test_metadata_is_masked_in_keys_and_depths() -> None:
    data = {"a@b.co": ["+1 202 555 0143", {"n": 4111111111111111, "ok": True}], "message_id": "x1", "count": 12}
    assert shield_data(data) == {"[EMAIL]": ["[PHONE]", {"n": "[CARD]", "ok": True}], "message_id": "x1", "count": 12}
    nested: object = "a@b.co"
    for _ in range(50):
        nested = [nested]
    assert "a@b.co" not in str(shield_data(nested))


@pytest.mark.parametrize(
    ("first", "second", "masked"),
    [
        ("4111 1111", "1111 1111", "[CARD]"),
        ("my card is 4111 1111 11", "11 1111 12/27", "[CARD] 12/27"),
        ("37828224", "6310005 thanks", "[CARD] thanks"),
        ("4111 1111", "1111 1112", None),
        ("for 2 people", "1111 1111", None),
        ("4111 1111", "two people", None),
    ],
)
def test_a_card_in_two_messages_is_found(first: str, second: str, masked: str | None) -> None:
    halves = HalfCards()
    assert halves.join("one", first) == first
    assert halves.join("one", second) == (masked or second)


def test_halves_of_a_card_belong_to_one_conversation_and_to_some_minutes() -> None:
    now = [0.0]
    halves = HalfCards(lambda: now[0])
    halves.join("one", "4111 1111")
    assert halves.join("two", "1111 1111") == "1111 1111"
    now[0] = HalfCards.SECONDS + 1
    assert halves.join("one", "1111 1111") == "1111 1111"
