"""Personal values said at every door of a server as in production, DEBUG logs on, are in nothing that it wrote.

Searched are the log, the directory of the server with its database files (analytics too) and temporary files, every
table of PostgreSQL, every key of Redis, every item of DynamoDB, every byte ever sent there, the metrics and the replies
that are errors.
The last tests take lines of defence out one by one: then the search finds something, or the next line holds.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator

import pytest

from tests.e2e.canaries import SHAPES, Passenger, canaries, hits, unpacked
from tests.e2e.doors import DOORS, by_api_event, by_rest, knock
from tests.e2e.watched import WatchedServer, empty_redis
from tests.unit.skycap.state.moto_server import moto_server

TRIPS = {
    "en": ("I need a flight from Berlin to Rome on March 12", "one way", "two people", "the first one", "yes"),
    "de": ("Ich brauche einen Flug von Berlin nach Rom am 12. März", "nur hin", "zwei Personen", "den ersten", "ja"),
    "es": ("Necesito un vuelo de Berlín a Roma el 12 de marzo", "solo ida", "dos personas", "el primero", "sí"),
}
# Values of each shape.
EACH = {"sqlite": 15, "postgresql": 15, "redis": 4, "dynamodb": 2}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedServer]:
    """Everything in SQLite; lines of defence can be taken out, and actions raise."""
    with WatchedServer(tmp_path_factory.mktemp("canaries"), saboteur=True, vault_key="") as server:
        yield server


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory, postgres_url: str | None) -> Iterator[WatchedServer]:
    if postgres_url is None:
        pytest.skip("No PostgreSQL answers. Start one, or set SKYCAP_TEST_POSTGRES_URL, to run this.")
    server = WatchedServer(tmp_path_factory.mktemp("canaries_postgresql"))
    server.use_postgres(postgres_url)
    with server:
        yield server


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedServer]:
    with empty_redis() as url:
        if url is None:
            pytest.skip("No Redis with an empty database answers. Start one, or set SKYCAP_TEST_REDIS_URL.")
        server = WatchedServer(tmp_path_factory.mktemp("canaries_redis"))
        server.use_redis(url)
        with server:
            yield server


@pytest.fixture(scope="module")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedServer]:
    """Conversations in DynamoDB (moto's server), all else in SQLite."""
    server = WatchedServer(tmp_path_factory.mktemp("canaries_dynamodb"))
    server.use_dynamo(moto_server().address, f"canaries-{uuid.uuid4().hex[:12]}")
    with server:
        yield server


@pytest.fixture(scope="module", params=EACH)
def store(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def server(request: pytest.FixtureRequest, store: str) -> WatchedServer:
    return request.getfixturevalue(store)


async def test_nothing_personal_said_at_any_door_is_written(server: WatchedServer, store: str) -> None:
    values = canaries(EACH[store])
    assert EACH[store] < 15 or (len(values) >= 300 and len(SHAPES) >= 15)
    await knock(server, values)
    server.report()
    files = server.written()
    assert any(b"debug" in content.lower() for content in files.values()), "DEBUG logs are off"
    assert any(b"EMAIL:1]" in unpacked(content) for content in files.values()), "nothing was stored at all"
    assert any(b"action_hand_over" in content for name, content in files.items() if "analytics" in name), (
        "nothing counted"
    )
    assert any(name.endswith("/metrics") for name in files) and len(server.errors) > 20
    assert hits([value for value, _ in values], files) == []


def book(server: WatchedServer, sender: str, passenger: Passenger, *, until: int = 8, language: str = "en") -> str:
    """Book a flight, or go on until the name is asked for; returns the replies."""
    *trip, yes = TRIPS[language]
    said = (*trip, passenger.name.lower(), passenger.address, passenger.phone, yes)
    return "\n".join(each.get("text") or "" for text in said[:until] for each in server.say(sender, text))


def test_who_travels_is_a_token_everywhere_but_in_the_reply(server: WatchedServer) -> None:
    passenger = Passenger()
    replies = book(server, "passenger", passenger)
    assert all(value in replies for value in (passenger.name, passenger.address, passenger.phone))
    assert "reference is" in replies
    half = Passenger()
    book(server, "half", half, until=4)
    server.say("half", half.first)
    server.say("passenger", "a person please")
    server.say("passenger", f"it is {passenger.name}, you may call {passenger.phone} or write to {passenger.address}")
    server.say("passenger", f"Mr {passenger.last.lower()} will wait")
    in_a_hurry = Passenger()
    book(server, "hurry", in_a_hurry, until=4)
    server.say("hurry", f"my name is {in_a_hurry.name}, can I talk to a human?")
    server.report()
    files = server.written()
    assert hits(passenger.values + [half.first, in_a_hurry.first, in_a_hurry.last], files) == []


@pytest.mark.parametrize("language", ["de", "es"])
def test_who_travels_is_a_token_in_every_language(server: WatchedServer, language: str) -> None:
    passenger = Passenger()
    replies = book(server, f"passenger-{language}", passenger, language=language)
    assert all(value in replies for value in (passenger.name, passenger.address, passenger.phone))
    server.report()
    assert hits(passenger.values, server.written()) == []


def test_nothing_is_written_when_the_databases_are_away(server: WatchedServer, store: str) -> None:
    if not server.wires:
        pytest.skip("SQLite is a file.")
    values, passenger = canaries(1), Passenger()
    book(server, "away", passenger, until=4)
    with server.databases_away():
        for value, sentence in values:
            by_rest(server, "away-too", value, sentence)
            by_api_event(server, "away-too", value, sentence)
        for text in (passenger.name, passenger.address, passenger.phone):
            server.post("/webhooks/rest/webhook", f'{{"sender": "away", "message": "{text}"}}'.encode())
        assert server.get("/health/ready")[0] == 503
    for sender, said in (("away", passenger.name), ("away-too", values[0][1])):
        for text in ("hello again", said, "what did I say?"):
            server.say(sender, text)
    assert hits([value for value, _ in values] + passenger.values, server.written()) == []


STEPS = [(step, when) for step in range(8) for when in ("inside", ("before", "after")[step % 2])]


# With the other tests of the same server, before it is killed.
only_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True, scope="module")


@only_sqlite
def test_nothing_is_written_when_an_action_raises_at_any_step(server: WatchedServer) -> None:
    passengers = []
    for step, when in STEPS:
        passenger, sender = Passenger(), f"raise-{step}-{when}-x"
        passengers.append(passenger)
        book(server, sender, passenger, until=4)
        for text in (passenger.name, passenger.name, passenger.address, passenger.phone, "yes"):
            server.say(sender, text)
    files = server.written()
    assert files["server.log"].count(b"cannot go on from") >= len(STEPS)
    assert hits([value for passenger in passengers for value in passenger.values], files) == []


# Lines of defence taken out, the door, and where the search finds what was said there; nowhere: the next line holds.
OUT = [
    ("", "REST", ""),
    ("ingest", "REST", ""),
    ("ingest", "desk", ""),
    ("ingest store", "REST", "conversations.db"),
    ("ingest log", "REST", "server.log"),
    ("store", "REST", ""),
    ("store", "API events", "conversations.db"),
    ("metadata", "metadata", ""),
    ("metadata store", "metadata", "conversations.db"),
    ("api", "API messages", ""),
    ("api store", "API messages", "conversations.db"),
    ("api log", "API messages", "server.log"),
    ("log", "malformed API calls", "server.log"),
    ("errors", "malformed API calls", "answer"),
    ("names", "form", "conversations.db"),
    ("unlogged", "form", "server.log"),
    ("columns", "form", "flights.db"),
    ("vault", "form", "flights.db"),
]


@only_sqlite
@pytest.mark.parametrize(("lines", "door", "place"), OUT)
def test_without_a_line_the_search_finds_or_the_next_line_holds(
    server: WatchedServer, lines: str, door: str, place: str
) -> None:
    switch = server.directory.with_suffix(".out")
    sender = "without-" + (lines.replace(" ", "-") or "nothing") + door.replace(" ", "-")
    values = canaries(1)[6:12] + canaries(1)[:2]
    switch.write_text(lines.replace(" ", "\n"))
    try:
        if door == "form":
            passenger = Passenger()
            book(server, sender, passenger)
            wanted = passenger.values
        else:
            for value, sentence in values:
                DOORS[door](server, sender, value, sentence)
            wanted = [value for value, _ in values]
    finally:
        switch.unlink()
    found = hits(wanted, server.written())
    print(f"without {lines or 'nothing'} at {door}: {len(found)} hits", *found, sep="\n  ")
    if place:
        assert any(f"in {place}" in each for each in found)
    else:
        assert found == []


def test_nothing_is_written_by_a_server_killed_in_the_middle(server: WatchedServer) -> None:
    values, passengers = canaries(1), [Passenger() for _ in range(4)]
    for number, passenger in enumerate(passengers):
        book(server, f"killed{number}", passenger, until=4)

    def say(sender: str, text: str) -> None:
        server.post("/webhooks/rest/webhook", f'{{"sender": "{sender}", "message": "{text}"}}'.encode())

    saying = [("killed" + str(number), passenger.name) for number, passenger in enumerate(passengers)]
    saying += [(f"killed-too{number}", sentence) for number, (_, sentence) in enumerate(values)]
    threads = [threading.Thread(target=say, args=each) for each in saying]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    server.kill()
    for thread in threads:
        thread.join()
    assert (
        hits([value for value, _ in values] + [value for one in passengers for value in one.values], server.written())
        == []
    )
