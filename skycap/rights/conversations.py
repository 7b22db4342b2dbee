"""The tracker store as `skycap privacy` reaches it: ours (`Turns`), or the table of Rasa's SQL store (`Events`).

Reads the same configuration as the server, with Rasa's own functions, but never makes Rasa's store: its constructor
tries for ever when a database does not answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import and_, create_engine, delete, func, inspect, or_, select
from sqlalchemy.engine import URL, make_url


class NotReached(RuntimeError):
    """Something that may hold personal data cannot be reached; the message says what to do. Nothing was changed."""


OURS = "skycap.state.tracker_store.WindowTrackerStore"


def named_in(endpoints_file: Path) -> tuple[type[Turns] | type[Events], list[URL]] | None:
    """What the tracker store keeps, and where; None when it is the server's memory. Raises NotReached."""
    from rasa.core.tracker_store import SQLTrackerStore  # seconds
    from rasa.utils.endpoints import read_endpoint_config

    if not endpoints_file.is_file():
        raise NotReached(f"There is no endpoints file at {endpoints_file}. Correct SKYCAP_ENDPOINTS or unset it.")
    endpoint = read_endpoint_config(str(endpoints_file), "tracker_store")
    if endpoint is None or endpoint.type is None:
        return None
    if endpoint.type == OURS:
        places = [make_url(each) for each in (endpoint.url, endpoint.kwargs.get("archive")) if each]
        return (Turns, places) if endpoint.url not in (None, "memory:") else None
    if endpoint.type.lower() != "sql":
        raise NotReached(
            f"{endpoints_file.name} keeps conversations in a tracker store of type {endpoint.type!r}, which this "
            "command does not reach; nothing was done. Delete the conversation there by its own means."
        )
    names = ("dialect", "port", "db", "username", "password", "query")
    options = {name: value for name, value in endpoint.kwargs.items() if name in names}
    return Events, [make_url(SQLTrackerStore.get_db_url(host=endpoint.url, **options))]


def has_broker(endpoints_file: Path) -> bool:
    """Whether events are also published, to somewhere that this command does not reach."""
    from rasa.utils.endpoints import read_endpoint_config

    return read_endpoint_config(str(endpoints_file), "event_broker") is not None


def _texts(content: Any) -> Iterator[str]:
    """Every text in decoded JSON, one by one: in the encoded form a line break before a word is its first letter."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, (dict, list)):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _texts(each)


class Turns:
    """The conversations of our own store, wherever it keeps them."""

    unit = "turns"

    def __init__(self, address: URL, archive: URL | None = None) -> None:
        from skycap.state.opening import open_state

        self._backend = open_state(*(each.render_as_string(hide_password=False) for each in (address, archive) if each))

    def ids(self) -> set[str]:
        """Every conversation."""
        return self._backend.conversations()

    def mentioning(self, text: str, matches: Callable[[str], bool]) -> set[str]:
        """The conversations in which a text matches."""
        return {each for each in self.ids() if any(map(matches, _texts(self.events(each))))}

    def events(self, conversation_id: str) -> list[dict[str, Any]]:
        """What happened in a conversation, oldest first, all sessions. A turn that is damaged is shown as it is."""
        from skycap.state.backend import UnreadableConversation
        from skycap.state.encoding import rows_of

        found: list[dict[str, Any]] = []
        for text in self._backend.history(conversation_id):
            try:
                found += rows_of(text)
            except UnreadableConversation:
                found.append({"event": "damaged", "text": text})
        return found

    def erase(self, conversation_id: str) -> int:
        """Delete a conversation; returns how many turns it had."""
        return self._backend.erase(conversation_id)

    def expire(self, before: float) -> int:
        """Delete turns from before this moment (seconds since 1970) that no live window needs; returns how many."""
        return self._backend.expire(before)

    def close(self) -> None:
        asyncio.run(self._backend.close())


class Events:
    """The events of all conversations in one SQL database, as Rasa keeps them."""

    unit = "events"

    def __init__(self, address: URL) -> None:
        from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs

        self.engine = create_engine(address, future=True, hide_parameters=True, **create_engine_kwargs(address))
        self._events = SQLTrackerStore.SQLEvent.__table__
        if not inspect(self.engine).has_table(self._events.name):
            self._events.create(self.engine)  # nobody has said anything yet

    def ids(self) -> set[str]:
        """Every conversation."""
        with self.engine.connect() as connection:
            return set(connection.execute(select(self._events.c.sender_id).distinct()).scalars())

    def mentioning(self, text: str, matches: Callable[[str], bool]) -> set[str]:
        """The conversations with an event that holds this text (in lower case) and a text in it that matches."""
        wanted = func.lower(self._events.c.data).contains(json.dumps(text)[1:-1].lower(), autoescape=True)
        query = select(self._events.c.sender_id, self._events.c.data).where(wanted)
        with self.engine.connect() as connection:
            rows = connection.execute(query)
            return {row.sender_id for row in rows if any(map(matches, _texts(json.loads(row.data))))}

    def events(self, conversation_id: str) -> list[dict[str, Any]]:
        """What happened in a conversation, oldest first, all sessions."""
        events = self._events.c
        query = select(events.data).where(events.sender_id == conversation_id).order_by(events.id)
        with self.engine.connect() as connection:
            return [json.loads(data) for data in connection.execute(query).scalars()]

    def erase(self, conversation_id: str) -> int:
        """Delete a conversation; returns how many events it had."""
        with self.engine.begin() as connection:
            return connection.execute(delete(self._events).where(self._events.c.sender_id == conversation_id)).rowcount

    def expire(self, before: float) -> int:
        """Delete events from before this moment (seconds since 1970); returns how many.

        Of a conversation that goes on, only earlier sessions: Rasa counts the events of the latest one to know which
        are new, and would lose as many as are missing.
        """
        last = self._events.alias("last")
        session = self._events.alias("session")
        ended = select(func.max(last.c.timestamp)).where(last.c.sender_id == self._events.c.sender_id).scalar_subquery()
        started = (
            select(func.max(session.c.timestamp))
            .where(session.c.sender_id == self._events.c.sender_id, session.c.type_name == "session_started")
            .scalar_subquery()
        )
        old = and_(self._events.c.timestamp < before, or_(ended < before, self._events.c.timestamp < started))
        with self.engine.begin() as connection:
            return connection.execute(delete(self._events).where(old)).rowcount

    def close(self) -> None:
        self.engine.dispose()
