"""Conversations in DynamoDB: each is a partition, which holds where it stands and its turns. A turn is one transaction.

The index `by_moment` has the places of all conversations. Reads of one conversation are consistent; the index may lag
behind for less than a second. Nothing relies on DynamoDB's own expiry, which may take days.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
from botocore.config import Config

from skycap.state.backend import Position, StaleWrite, Standing, Turn, UnreadableConversation, Window
from skycap.state.dynamo_items import (
    PLACE,
    Item,
    StoredTurn,
    id_of,
    key,
    message_item,
    number_of,
    place_item,
    standing_of,
    turn_items,
    turns_in,
)
from skycap.state.threaded import THREADS, Threaded

MOST_PARTS = 10  # of a turn: a transaction may have 4 MB
_INDEX = "by_moment"
_LAST = 10**9 - 1
_PATIENCE = Config(
    retries={"mode": "standard", "total_max_attempts": 8},  # throttled requests too, ever later
    connect_timeout=5,
    read_timeout=10,
    max_pool_connections=THREADS,
)


class TooLarge(ValueError):
    """A turn is larger than a transaction may be; nothing of it was stored."""


class DynamoState(Threaded):
    """In the table at `dynamodb://TABLE?region=…&endpoint=…`, made when it is missing.

    Credentials come from the environment alone.
    """

    def __init__(self, address: str) -> None:
        """Raises ValueError for an address that is written otherwise, and what boto3 raises."""
        super().__init__()
        parts = urlsplit(address)
        options, self._table = dict(parse_qsl(parts.query)), parts.netloc
        if not self._table or "@" in self._table or options.keys() - {"region", "endpoint"}:
            raise ValueError("Write dynamodb://TABLE?region=…&endpoint=…, and put credentials into the environment.")
        region, endpoint = options.get("region"), options.get("endpoint")
        self._client = boto3.client("dynamodb", region_name=region, endpoint_url=endpoint, config=_PATIENCE)
        try:
            self._client.describe_table(TableName=self._table)
        except self._client.exceptions.ResourceNotFoundException:
            self._make_table()

    def _make_table(self) -> None:
        types = {"conversation_id": "S", "item_id": "S", "item_kind": "S", "said_at": "N"}
        by_moment = {"IndexName": _INDEX, "KeySchema": _schema("item_kind", "said_at")}
        with suppress(self._client.exceptions.ResourceInUseException):  # another process makes it
            self._client.create_table(
                TableName=self._table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": each} for name, each in types.items()],
                KeySchema=_schema("conversation_id", "item_id"),
                GlobalSecondaryIndexes=[{**by_moment, "Projection": {"ProjectionType": "ALL"}}],
            )
        self._client.get_waiter("table_exists").wait(TableName=self._table, WaiterConfig={"Delay": 1})

    def _load(self, conversation: str) -> Window | None:
        while (standing := self._standing(conversation)) is not None:
            position = standing.position
            found = {turn.number: turn for turn in self._turns(conversation, position.oldest, position.version)}
            before = found.pop(position.first - 1, None)
            live = {number: turn.events for number, turn in found.items() if turn.events is not None}
            with_snapshot = tuple(number for number in live if found[number].snapshot is not None)
            try:
                return Window(position, before and before.snapshot, live, with_snapshot).check()
            except UnreadableConversation:
                if self._standing(conversation) == standing:  # else it was erased between the two reads
                    raise
        return None

    def _commit(self, conversation: str, turn: Turn, position: Position) -> None:
        turns = turn_items(conversation, position.version, turn)
        if len(turns) > MOST_PARTS:
            raise TooLarge(f"turn {position.version} is larger than a transaction of DynamoDB")
        writes = [{"Item": item} for item in turns]
        writes.append({"Item": place_item(conversation, position, turn.at), **_follows(position)})
        if turn.message_id:
            answer = message_item(conversation, turn.message_id, position.version)
            writes.append({"Item": answer, "ConditionExpression": "attribute_not_exists(item_id)"})
        puts = [{"Put": {"TableName": self._table, **write}} for write in writes]
        try:
            self._client.transact_write_items(TransactItems=puts)
        except self._client.exceptions.TransactionCanceledException as error:
            if not any(each.get("Code") == "ConditionalCheckFailed" for each in error.response["CancellationReasons"]):
                raise  # throttled, or somebody else writes right now
            why = f"turn {position.version} is not the next one, its message has a turn, or the lock is lost"
            raise StaleWrite(why) from error

    def _answered(self, conversation: str, message_id: str) -> str | None:
        known = self._get(conversation, f"msg#{message_id}")
        if known is None:
            return None
        number = int(known["turn_number"]["N"])
        return next((turn.events for turn in self._turns(conversation, number, number)), None)

    def history(self, conversation: str) -> list[str]:
        return [turn.events for turn in self._turns(conversation) if turn.events is not None]

    def turns_after(self, conversation: str, number: int, most: int) -> dict[int, Turn]:
        found: dict[int, Turn] = {}
        for turn in self._turns(conversation, number + 1):
            if turn.events is not None:
                found[turn.number] = Turn(turn.events, turn.at, turn.message_id)
            if len(found) == most:
                break
        return found

    def conversations(self) -> set[str]:
        return {place["conversation_id"]["S"] for place in self._places()}

    def standings(self, since: float = 0.0) -> dict[str, Standing]:
        found = {place["conversation_id"]["S"]: standing_of(place) for place in self._places(since)}
        return {conversation: standing for conversation, standing in found.items() if standing.position.version}

    def erase(self, conversation: str) -> int:
        return self._erase(conversation, "attribute_exists(item_id)", {})

    def expire(self, before: float) -> int:
        gone = 0
        for place in self._places():
            conversation, standing = place["conversation_id"]["S"], standing_of(place)
            if standing.at < before:
                gone += self._erase(conversation, "last_turn = :known", {":known": place["last_turn"]})
                continue
            for turn in self._turns(conversation, 1, standing.position.oldest - 1):
                if turn.at >= before:
                    break
                said = [f"msg#{turn.message_id}"] if turn.message_id else []
                self._delete(conversation, [*said, *self._item_ids(conversation, f"{id_of(turn.number)}#")])
                gone += 1
        return gone

    def _close(self) -> None:
        self._client.close()

    def _erase(self, conversation: str, condition: str, values: Item) -> int:
        """Delete a conversation if the condition on its place holds; returns how many turns it had.

        Where it stands is marked first and deleted last: nobody writes meanwhile, and a second run finishes a first.
        """
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key(conversation, PLACE),
                UpdateExpression="SET last_turn = :none",
                ConditionExpression=condition,
                ExpressionAttributeValues={":none": number_of(0), **values},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return 0
        ids = [each for each in self._item_ids(conversation) if each != PLACE]
        self._delete(conversation, ids)
        self._delete(conversation, [PLACE])
        return len({each.split("#")[1] for each in ids if each.startswith("turn#")})

    def _delete(self, conversation: str, item_ids: list[str]) -> None:
        for begin in range(0, len(item_ids), 25):
            some = [{"DeleteRequest": {"Key": key(conversation, each)}} for each in item_ids[begin : begin + 25]]
            left, pause = {self._table: some}, 0.05
            while left := self._client.batch_write_item(RequestItems=left).get("UnprocessedItems"):
                time.sleep(pause)  # throttled
                pause = min(2 * pause, 2.0)

    def _get(self, conversation: str, item_id: str) -> Item | None:
        wanted = {"TableName": self._table, "Key": key(conversation, item_id)}
        return self._client.get_item(**wanted, ConsistentRead=True).get("Item")

    def _standing(self, conversation: str) -> Standing | None:
        place = self._get(conversation, PLACE)
        standing = standing_of(place) if place else None
        return standing if standing and standing.position.version else None

    def _places(self, since: float = 0.0) -> Iterator[Item]:
        values = {":kind": {"S": PLACE}, ":since": number_of(since)}
        return self._query("item_kind = :kind AND said_at >= :since", values, IndexName=_INDEX)

    def _item_ids(self, conversation: str, start: str = "") -> list[str]:
        condition, values = "conversation_id = :conversation", {":conversation": {"S": conversation}}
        if start:
            condition, values[":start"] = f"{condition} AND begins_with(item_id, :start)", {"S": start}
        found = self._query(condition, values, ProjectionExpression="item_id", ConsistentRead=True)
        return [item["item_id"]["S"] for item in found]

    def _turns(self, conversation: str, first: int = 1, last: int = _LAST) -> Iterator[StoredTurn]:
        """The turns with these numbers, in order; no more is fetched than is asked for, but for the rest of a page."""
        values = {":conversation": conversation, ":first": id_of(first), ":end": f"{id_of(last)}~"}
        within = "conversation_id = :conversation AND item_id BETWEEN :first AND :end"
        typed = {name: {"S": value} for name, value in values.items()}
        return turns_in(self._query(within, typed, ConsistentRead=True))

    def _query(self, condition: str, values: Item, **more: Any) -> Iterator[Item]:
        asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, **more}
        for page in self._client.get_paginator("query").paginate(TableName=self._table, **asked):
            yield from page["Items"]


def _schema(partition: str, order: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": order, "KeyType": "RANGE"}]


def _follows(position: Position) -> dict[str, Any]:
    """The condition that the turn before is the last one, and that no newer lock has written."""
    if position.version == 1:
        return {"ConditionExpression": "attribute_not_exists(item_id)"}
    return {
        "ConditionExpression": "last_turn = :before AND fence_number <= :fence",
        "ExpressionAttributeValues": {
            ":before": number_of(position.version - 1),
            ":fence": number_of(position.fence),
        },
    }
