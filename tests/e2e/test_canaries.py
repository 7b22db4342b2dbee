"""Personal values said at every door of a server as in production, DEBUG logs on, are in nothing that it wrote.

Each value is made up, occurs once, and is looked for as it was sent and as bare digits: in the log, in every database
file, beside them, in what the server wrote of its own directory, and in every reply that is an error.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import socketio

from benchmarks.server import ServerProcess
from skycap.privacy.checks import dni, iban, luhn
from skycap.settings import ROOT

TOKEN = "a token of the tests"
CHANCE = random.Random(20261122)


def digits(length: int) -> str:
    return "".join(CHANCE.choice("0123456789") for _ in range(length))


def card(start: str, length: int) -> str:
    body = start + digits(length - len(start) - 1)
    return next(body + last for last in "0123456789" if luhn(body + last))


def grouped(number: str, sign: str) -> str:
    return sign.join(number[at : at + 4] for at in range(0, len(number), 4))


def account() -> str:
    body = digits(18)
    return next(code for check in range(2, 99) if iban(code := f"DE{check:02}{body}"))


def spanish() -> str:
    body = digits(8)
    return next(body + letter for letter in "TRWAGMYFPDXBNJZSQVHLCKE" if dni(body + letter))


def birthday() -> str:
    return f"19{CHANCE.randrange(40, 80)}-{CHANCE.randrange(10, 13)}-{CHANCE.randrange(10, 29)}"


# Shape: how many of them, a sentence, and how a value is made.
SHAPES = {
    "card": ("my card is {}", lambda: card("4", 16)),
    "card in fours": ("{} please", lambda: grouped(card("51", 16), " ")),
    "card with dashes": ("pay with {}", lambda: grouped(card("4", 16), "-")),
    "amex": ("{}", lambda: card("37", 15)),
    "full-width card": ("{}", lambda: card("4", 16).translate(str.maketrans("0123456789", "０１２３４５６７８９"))),
    "Arabic card": ("{}", lambda: card("4", 16).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))),
    "e-mail": ("write to {}", lambda: f"canary{digits(7)}@example.com"),
    "e-mail in words": ("it's {}", lambda: f"canary{digits(7)} (at) example dot org"),
    "half an e-mail": ("{}", lambda: f"canary.{digits(7)}@example"),
    "German phone": ("call {}", lambda: f"+49 171 {digits(7)}"),
    "US phone": ("my number is {}", lambda: f"(202) 555-{digits(4)}"),
    "British phone": ("{}", lambda: f"+44 7911 {digits(6)}"),
    "bare phone": ("{}", lambda: f"0171{digits(7)}"),
    "IBAN": ("from {}", account),
    "passport": ("my passport is {}", lambda: f"C{CHANCE.randrange(1, 9)}{digits(7)}"),
    "SSN": ("ssn {}", lambda: f"{CHANCE.randrange(100, 600)}-{CHANCE.randrange(10, 99)}-7{digits(3)}"),
    "NINO": ("{}", lambda: f"AB{digits(6)}C"),
    "DNI": ("mi DNI es {}", spanish),
    "IPv4": ("from {}", lambda: f"203.0.{CHANCE.randrange(100, 255)}.{CHANCE.randrange(100, 255)}"),
    "IPv6": ("ping {}", lambda: f"2001:db8:{digits(4)}:{digits(4)}::{digits(3)}"),
    "date of birth": ("I was born on {}", birthday),
}  # fmt: skip
EACH = 16


@pytest.fixture(scope="module")
def canaries() -> list[tuple[str, str]]:
    """Sentences with one value each; no value occurs twice."""
    made: dict[str, str] = {}
    for sentence, make in SHAPES.values():
        wanted = len(made) + EACH
        while len(made) < wanted:
            made.setdefault(make(), sentence)
    return [(value, sentence.format(value)) for value, sentence in made.items()]


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    directory = tmp_path_factory.mktemp("canaries")
    with ServerProcess(
        directory, today="2027-03-01", log_level="DEBUG", enable_api="1", api_token=TOKEN, vault_key=""
    ) as process:
        yield process


def written(server: ServerProcess) -> dict[str, bytes]:
    """Every byte that the server wrote, by file."""
    places = [*server.directory.rglob("*"), *(ROOT / "var").rglob("*")]
    return {path.name: path.read_bytes() for path in places if path.is_file()}


def hits(values: list[str], files: dict[str, bytes]) -> list[str]:
    found = []
    for value in values:
        escaped = json.dumps(value).strip('"')  # as JSON in a database writes it
        forms = {value, escaped, quote(value)}
        bare = "".join(str(int(each)) for each in value if each.isdigit())
        if len(bare) >= 9:
            forms.add(bare)
        for form in forms:
            found += [f"{value!r} in {name}" for name, content in files.items() if form.encode() in content]
    return found


async def chat(server: ServerProcess, sentences: list[str]) -> None:
    """Say the sentences on the chat page."""
    client = socketio.AsyncSimpleClient()
    await client.connect(server.url, transports=["websocket"])
    await client.emit("session_request", {})
    assert (await client.receive(timeout=30))[0] == "session_confirm"
    for number, sentence in enumerate(sentences):
        await client.emit("user_uttered", {"message": sentence, "id": f"m{number}"})
        while True:
            name, *_ = await client.receive(timeout=30)
            if name == "turn_done":
                break
    await client.disconnect()


async def test_no_personal_value_is_written_anywhere(loud: ServerProcess, canaries: list[tuple[str, str]]) -> None:
    assert len(canaries) >= 300 and len(SHAPES) >= 15
    errors: dict[str, bytes] = {}

    def post(path: str, body: bytes) -> None:
        status, answer = loud.post(path, body)
        if status >= 400:
            errors[f"error {len(errors)} of {path}"] = answer.encode()

    def send(path: str, content: object) -> None:
        post(path, json.dumps(content, ensure_ascii=False).encode())

    webhook, by_chat = "/webhooks/rest/webhook", []
    for number, (value, sentence) in enumerate(canaries):
        sender, door = f"canary{number % 40}x", number % 8
        if door < 3:
            send(webhook, {"sender": sender, "message": sentence})
        elif door == 3:
            by_chat.append(sentence)
        elif door == 4:
            metadata = {"from": value, value: [{"deep": sentence}]}
            send(webhook, {"sender": sender, "message": "hello", "metadata": metadata})
        elif door == 5:
            post(webhook, f'{{"sender": "{sender}", "message": "{sentence}"'.encode())
            send(webhook, {"sender": {"is": value}, "message": sentence})
            loud.get(f"/nothing?said={quote(sentence)}")
        elif door == 6:
            send(f"/conversations/{sender}/messages?token={quote(TOKEN)}", {"text": sentence, "sender": "user"})
            send(f"/model/parse?token={quote(TOKEN)}", {"text": sentence})
        else:
            event = {"event": "user", "text": sentence, "metadata": {"said": value}}
            send(f"/conversations/{sender}/tracker/events?token={quote(TOKEN)}", event)
            send(webhook, {"sender": sender, "message": f'/inform{{"contact_email": "{sentence}"}}'})
    await chat(loud, by_chat)
    loud.stop()
    files = written(loud) | errors
    assert any(b"DEBUG" in content or b"debug" in content for content in files.values())
    assert any(b"EMAIL:1]" in content for content in files.values()), "nothing was stored at all"
    assert hits([value for value, _ in canaries], files) == []


def test_who_travels_is_a_token_everywhere_but_in_the_reply(loud: ServerProcess, traveller_of) -> None:
    loud.start()
    traveller = traveller_of(loud)
    for answer in ("I need a flight from Berlin to Rome on March 12", "one way", "two people", "the first one"):
        traveller.say(answer)
    traveller.say("Zebulon")  # half a name
    traveller.say("zebulon Quackenbush")
    traveller.say("zeb.quackenbush@example.net")
    reply = traveller.say("0171 2345987")
    assert "Zebulon Quackenbush" in reply and "zeb.quackenbush@example.net" in reply and "0171 2345987" in reply
    assert re.search(r"reference is [A-Z0-9]{6}", traveller.say("yes"))
    loud.stop()
    files = {name: content.lower() for name, content in written(loud).items()}
    assert hits(["zebulon", "quackenbush", "0171 2345987"], files) == []
