"""A platform that delivers messages until they are taken, and a ledger of all it sent: for benchmarks/faults.py.

Speaks as Telegram does, signed, with an id for each message; a delivery not answered with 2xx is repeated. Afterwards
the ledger is compared with what is stored, message by message, and with the bookings made.
"""

from __future__ import annotations

import itertools
import re
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException

from rasa.shared.core.events import UserUttered
from sqlalchemy import select

from benchmarks.server import ServerProcess
from flights import database
from skycap.channels.telegram import Telegram
from skycap.serving.replies import safe_id
from skycap.settings import Settings
from skycap.state.backend import StateBackend, UnreadableConversation
from skycap.state.encoding import decode
from tests.platforms import SETTINGS, Delivery, PlatformServer, telegram

BOOKING = (
    "I need a flight from Berlin to Rome on {day}", "one way", "two people", "the first one",
    "Jordan Smith", "jordan.smith@example.com", "+1 202 555 0143", "yes",
)  # fmt: skip
QUESTIONS = (
    "what about baggage?", "can I take my dog?", "how do I check in?", "what can you do?", "hello", "thanks",
)  # fmt: skip
BOOKED = re.compile(r"reference is ([A-Z0-9]{6})")
REFUSAL = "can't open this conversation any more"  # utter_conversation_unreadable
EXCUSE = re.compile(r"isn't working|can't reach our flight data")
PAUSE_SECONDS = 0.3  # until a delivery is repeated
PATIENCE_SECONDS = 600.0
_numbers = itertools.count(1_000_001)
# Another day for each who books: a flight has few seats.
_days = itertools.cycle(f"{month} {day}" for month in ("April", "May", "June") for day in range(1, 31))


@dataclass
class Said:
    """A message and what became of it."""

    id: str
    text: str
    status: int = 0  # of the last delivery; 0: nobody answered
    deliveries: int = 0
    replies: list[str] = field(default_factory=list)

    @property
    def is_taken(self) -> bool:
        return self.status == 200

    @property
    def is_refused(self) -> bool:
        """Whether the traveller was told that this conversation can not go on."""
        return any(REFUSAL in each for each in self.replies)


class Talk:
    """What one traveller says, in order: the next message when the one before is taken."""

    def __init__(self, server: ServerProcess, api: PlatformServer, messages: int, *, books: bool) -> None:
        self._server, self._api = server, api
        self.chat = next(_numbers)
        day = next(_days)
        booking = [each.format(day=day) for each in BOOKING] if books else ()
        plan = itertools.chain(booking, itertools.cycle(QUESTIONS))
        self.ledger = [Said(str(next(_numbers)), text) for text in itertools.islice(plan, messages)]

    @property
    def conversation(self) -> str:
        known = Settings(**SETTINGS, vault_key=self._server.settings["vault_key"])
        return Telegram(known).conversation_of(str(self.chat))

    @property
    def taken(self) -> int:
        return sum(each.is_taken for each in self.ledger)

    def run(self) -> None:
        for said in self.ledger:
            begin, until = len(self._api.taken), time.monotonic() + PATIENCE_SECONDS
            update = {"message": {"message_id": 7, "chat": {"id": self.chat, "type": "private"}, "text": said.text}}
            while not said.is_taken and time.monotonic() < until:
                if said.deliveries:
                    time.sleep(PAUSE_SECONDS)
                said.deliveries += 1
                said.status = deliver(self._server.url, telegram(update, id=said.id))
            told = [each.said for each in self._api.taken[begin:] if each.platform == "telegram"]
            said.replies = [text for to, text in filter(None, told) if to == str(self.chat)]
            if not said.is_taken:
                return


def deliver(url: str, sent: Delivery) -> int:
    """The status that a delivery is answered with; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url + sent.path, sent.body, sent.headers), timeout=60) as ok:
            return ok.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except (OSError, HTTPException):
        return 0


@dataclass
class Account:
    """What is right and wrong between what was sent and what is kept."""

    turns: int = 0  # taken
    deliveries: int = 0
    told: int = 0  # messages of which the traveller heard that something is not working
    refused: int = 0  # that their conversation is damaged
    unanswered: int = 0  # never taken
    not_stored: int = 0  # taken, neither stored nor refused
    stored_twice: int = 0
    silent: int = 0  # taken without any reply
    strays: int = 0  # stored, and not taken or not in order
    bookings: int = 0
    wrong_bookings: int = 0  # told and not made, made and not told, made twice

    @property
    def is_right(self) -> bool:
        wrong = (self.unanswered, self.not_stored, self.stored_twice, self.silent, self.strays, self.wrong_bookings)
        return not any(wrong)


def settle(talks: list[Talk], backend: StateBackend, flights_url: str) -> Account:
    """Compare ledgers with conversations and bookings."""
    account = Account()
    booked = _bookings(flights_url)
    for talk in talks:
        conversation, ledger = talk.conversation, [said for said in talk.ledger if said.deliveries]
        refused = [said for said in ledger if said.is_refused]
        account.turns += sum(said.is_taken for said in ledger)
        account.deliveries += sum(said.deliveries for said in ledger)
        account.told += sum(bool(EXCUSE.search(each)) for said in ledger for each in said.replies)
        account.refused += len(refused)
        account.unanswered += sum(not said.is_taken for said in talk.ledger)
        account.silent += sum(said.is_taken and not said.replies for said in ledger)
        wanted = [safe_id(said.id) for said in ledger if said.is_taken and not said.is_refused]
        stored = list(_message_ids(backend, conversation))
        times = Counter(stored)
        account.not_stored += sum(not times[each] for each in wanted) - bool(refused)  # the damaged turn itself
        account.stored_twice += sum(count > 1 for count in times.values())
        account.strays += list(times) != [each for each in wanted if times[each]]
        references = {found for said in ledger for reply in said.replies for found in BOOKED.findall(reply)}
        account.bookings += len(references)
        account.wrong_bookings += len(references ^ booked[conversation])
        said_yes = any(said.text in BOOKING[-1:] and said.is_taken for said in ledger)
        excused = any(EXCUSE.search(reply) for said in ledger for reply in said.replies)  # of a step of the booking
        account.wrong_bookings += said_yes and not (refused or references or excused)
    return account


def _message_ids(backend: StateBackend, conversation: str) -> Iterator[str]:
    for turn in backend.history(conversation):
        try:
            yield from (event.message_id for event in decode(turn) if isinstance(event, UserUttered))
        except UnreadableConversation:
            continue


class _ByConversation(dict[str, set[str]]):
    def __missing__(self, key: str) -> set[str]:
        return set()


def _bookings(url: str) -> _ByConversation:
    found = _ByConversation()
    engine, table = database.engine(url), database.bookings.c
    with database.read(engine) as connection:
        rows = connection.execute(select(table.conversation_id, table.reference).where(table.state == "ticketed"))
        for conversation, reference in rows:
            found.setdefault(conversation, set()).add(reference)
    engine.dispose()
    return found
