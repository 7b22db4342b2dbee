"""What is DynamoDB's alone: limits of an item, a transaction and a page, throttling, erasure that is interrupted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from skycap.state.backend import Position, Turn, UnreadableConversation
from skycap.state.dynamo import DynamoState, TooLarge
from skycap.state.dynamo_items import key
from skycap.state.encoding import decode
from skycap.state.opening import open_state
from tests.unit.skycap.state.moto_server import MotoServer, moto_server

TALK = "somebody"
pytestmark = pytest.mark.parametrize("opened", ["dynamodb"], indirect=True)


@pytest.fixture
def server() -> Iterator[MotoServer]:
    yield moto_server()
    moto_server().fault = lambda operation: None


def noise(characters: int) -> str:
    """Text that is half as long when it is compressed."""
    return random.Random(characters).randbytes(characters // 2).hex()


async def test_a_turn_larger_than_an_item_is_stored_whole(opened: Callable[[], DynamoState]) -> None:
    events, snapshot = noise(4_000_000), noise(1_000_000)
    await opened().commit(TALK, Turn(events, 1.0, "m1", snapshot), Position(1))
    await opened().commit(TALK, Turn("2", 2.0), Position(2, 2, True))
    window = await opened().load(TALK)
    assert window.snapshot == snapshot and window.turns == {2: "2"}
    assert opened().history(TALK) == [events, "2"] and await opened().answered(TALK, "m1") == events
    assert opened().erase(TALK) == 2


async def test_a_turn_larger_than_a_transaction_is_refused_before_anything_is_stored(
    opened: Callable[[], DynamoState],
) -> None:
    with pytest.raises(TooLarge):
        await opened().commit(TALK, Turn(noise(8_000_000), 1.0, "m1"), Position(1))
    assert await opened().load(TALK) is None and await opened().answered(TALK, "m1") is None
    assert opened().conversations() == set()


async def test_conversations_longer_than_a_page_are_read_and_erased_whole(
    opened: Callable[[], DynamoState], server: MotoServer
) -> None:
    backend, asked = opened(), Counter()
    for number in range(1, 9):
        await backend.commit(TALK, Turn(noise(600_000 + number), float(number), f"m{number}"), Position(number))
    server.fault = lambda operation: asked.update([operation])
    assert [len(events) for events in backend.history(TALK)] == [600_000 + number // 2 * 2 for number in range(1, 9)]
    assert asked["Query"] > 2  # a page is 1 MB
    asked.clear()
    assert list(backend.turns_after(TALK, 4, 1)) == [5] and asked["Query"] == 1
    assert backend.erase(TALK) == 8 and backend.history(TALK) == []


async def test_what_is_throttled_is_tried_again(opened: Callable[[], DynamoState], server: MotoServer) -> None:
    backend, requests = opened(), iter(range(1000))
    server.fault = lambda operation: "throttled" if next(requests) % 4 == 0 else None
    for number in range(1, 6):
        await backend.commit(TALK, Turn(f"{number}", float(number), f"m{number}"), Position(number))
    assert backend.history(TALK) == ["1", "2", "3", "4", "5"] and backend.erase(TALK) == 5


async def test_an_erasure_that_is_interrupted_lets_nobody_write_and_is_finished_by_the_next(
    opened: Callable[[], DynamoState], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = opened()
    for number in range(1, 41):
        await backend.commit(TALK, Turn(f"{number}", float(number), f"m{number}"), Position(number))
    delete, done = backend._client.batch_write_item, []

    def once(**wanted: object) -> dict:
        if done:
            raise ClientError({}, "BatchWriteItem")
        done.append(wanted)
        return delete(**wanted)

    with monkeypatch.context() as patched:
        patched.setattr(backend._client, "batch_write_item", once)
        with pytest.raises(ClientError):
            backend.erase(TALK)
    assert await backend.load(TALK) is None and backend.conversations() == {TALK} and backend.standings() == {}
    for number in (1, 41):
        with pytest.raises(RuntimeError):
            await backend.commit(TALK, Turn("late", 50.0, "late"), Position(number))
    assert backend.erase(TALK) > 0
    assert backend.conversations() == set() and backend._item_ids(TALK) == []
    await backend.commit(TALK, Turn("anew", 51.0, "m1"), Position(1))


async def test_the_longest_ids_and_finest_moments_are_kept(opened: Callable[[], DynamoState]) -> None:
    backend, message_id, at = opened(), "🛫" * 255, 1780000000.1234567
    await backend.commit("🛬" * 255, Turn("[]", at, message_id), Position(1, fence=1780000000123456))
    assert await backend.answered("🛬" * 255, message_id) == "[]"
    assert backend.turns_after("🛬" * 255, 0, 9) == {1: Turn("[]", at, message_id)}
    assert (await backend.load("🛬" * 255)).position.fence == 1780000000123456


async def test_damage_costs_one_conversation(opened: Callable[[], DynamoState]) -> None:
    backend = opened()
    for talk in (TALK, "another"):
        await backend.commit(talk, Turn("[]", 1.0), Position(1))
    at = key(TALK, "turn#000000001#events#00")
    backend._client.put_item(
        TableName=backend._table, Item={**at, "content": {"B": b"\x78\x9c"}, "part_count": {"N": "1"}}
    )
    with pytest.raises(UnreadableConversation):
        decode((await backend.load(TALK)).turns[1])
    assert (await backend.load("another")).turns == {1: "[]"}


@pytest.mark.parametrize("address", ["dynamodb://key:secret@talks", "dynamodb://", "dynamodb://talks?profile=mine"])
async def test_addresses_with_credentials_or_unknown_options_are_refused(
    opened: Callable[[], DynamoState], address: str
) -> None:
    with pytest.raises(ValueError, match="credentials into the environment"):
        open_state(address)
