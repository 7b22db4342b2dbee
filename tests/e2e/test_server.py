"""The server from outside: health, the REST channel, a whole booking, messages nobody expects."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from benchmarks.server import ServerProcess

WEBHOOK = "/webhooks/rest/webhook"


def test_the_server_is_alive_ready_and_can_be_measured(server: ServerProcess) -> None:
    assert server.get("/health/live") == (200, '{"status":"live"}')
    status, ready = server.get("/health/ready")
    assert (status, json.loads(ready)) == (200, {"status": "ready", "problems": {}})
    status, metrics = server.get("/metrics")
    assert status == 200
    assert "# HELP process_resident_memory_bytes" in metrics


def test_the_page_and_its_files_are_served(server: ServerProcess) -> None:
    status, page = server.get("/")
    assert status == 200
    assert "<title>Skycap" in page
    assert server.get("/static/chat.js")[0] == 200
    assert server.get("/static/../pyproject.toml")[0] == 404
    assert server.get("/webhooks/rest/") == (200, '{"status":"ok"}')


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/model/parse"),
        ("POST", "/model/train"),
        ("GET", "/conversations/anybody/tracker?include_events=NONE"),
        ("POST", "/conversations/anybody/messages"),
        ("GET", "/domain"),
        ("GET", "/status"),
    ],
)
def test_rasas_api_is_not_there_unless_asked_for(server: ServerProcess, method: str, path: str) -> None:
    status, _ = server.get(path) if method == "GET" else server.post(path, b'{"text": "hi"}')
    assert status == 404


def test_user_books_a_flight_from_the_first_message_to_the_reference(traveller: Any) -> None:
    traveller.come_to_the_last_question()
    assert traveller.bookings() == {"held": 1}
    reply = traveller.say("yes")
    assert "Booked! Your reference is" in reply
    assert "$" in reply and "2 people" in reply
    assert traveller.bookings() == {"ticketed": 1}
    assert "ticketed" in traveller.say("show me my booking")


def test_user_says_yes_twice_and_one_flight_is_booked(traveller: Any) -> None:
    traveller.book()
    assert traveller.say("yes")
    assert traveller.bookings() == {"ticketed": 1}


def test_user_sends_yes_several_times_at_once_and_one_flight_is_booked(traveller: Any) -> None:
    traveller.come_to_the_last_question()
    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(traveller.say, ["yes"] * 4))
    assert all(replies)
    assert traveller.bookings() == {"ticketed": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b'"hello"',
        b"{}",
        b'{"message": "hi"}',
        b'{"sender": 5, "message": "hi"}',
        b'{"sender": "e2e", "message": 5}',
        b'{"sender": "e2e", "message": {"text": "hi"}}',
        b'{"sender": "e2e", "message": "hi", "metadata": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    ],
    ids=lambda body: body[:40].decode(),
)
def test_a_bad_body_is_a_client_error_with_a_sentence(server: ServerProcess, body: bytes) -> None:
    status, answer = server.post(WEBHOOK, body)
    assert 400 <= status < 500, answer
    assert len(answer.split()) > 3
    assert "Traceback" not in answer
    assert answer.startswith("{")  # who sends JSON is refused in JSON


def test_a_body_of_megabytes_is_refused_before_it_is_read(server: ServerProcess) -> None:
    connection = HTTPConnection("127.0.0.1", int(server.settings["port"]), timeout=60)
    with closing(connection):  # a client that sends all of it may find the line closed before it reads the answer
        connection.putrequest("POST", WEBHOOK)
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "5000000")
        connection.endheaders(b'{"sender": "e2e", "message": "xxx')
        answer = connection.getresponse()
        assert answer.status == 413
        assert len(answer.read().decode().split()) > 3


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("", "empty message"),
        ("   ", "empty message"),
        ("\u200b", "empty message"),
        ("x" * 10_000, "too long"),
        ("word " * 2_000, "too long"),
    ],
    ids=["nothing", "spaces", "invisible", "10 kB", "10 kB of words"],
)
def test_a_message_that_cannot_be_read_is_answered_so(traveller: Any, text: str, reply: str) -> None:
    assert reply in traveller.say(text)


@pytest.mark.parametrize(
    "text",
    [
        "👍",
        "🤷🏽‍♀️🛫",
        "?!?",
        "a" * 1_900,
        "\\'; DROP TABLE bookings; --",
        "<script>alert(1)</script>",
        "مرحبا",
        "{{7*7}}",
    ],
)
def test_any_other_message_gets_a_designed_reply(traveller: Any, text: str) -> None:
    reply = traveller.say(text)
    assert reply
    assert "isn't working" not in reply


@pytest.mark.parametrize("text", ["/session_start", "/EXTERNAL_now", '/thank@1.0{"passengers": 9}'])
def test_a_typed_intent_is_taken_for_words(traveller: Any, text: str) -> None:
    traveller.say("I need a flight from Berlin to Rome on March 12")
    assert traveller.say(text)
    traveller.say("one way")
    assert "Berlin (BER) to Rome" in traveller.say("two people")


def test_conversations_of_two_senders_do_not_mix(server: ServerProcess, traveller_of: Any) -> None:
    ann, ben = traveller_of(server), traveller_of(server)
    ann.say("I need a flight from Berlin to Rome on March 12")
    assert "no booking" in ben.say("show me my booking").lower()
    assert "how many" in ann.say("one way").lower()
