"""The analytics tables as one place: what is taken in, how far, and what a traveller's rights take out again.

A turn is written once: its rows and how far its conversation is taken in are one transaction, and one writer is at
work at a time. That a turn is read under the same lock keeps it from coming back while its conversation is erased.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.engine import Connection, Engine

from flights import database
from skycap.state.analytics import tables
from skycap.state.analytics.tables import OF_A_CONVERSATION, bookings, conversations, events, handoffs, sessions, turns
from skycap.vault import hashed

if TYPE_CHECKING:
    from skycap.state.analytics.facts import Course, Rows
    from skycap.state.backend import StateBackend

_AT_ONCE = 500  # conversations named in one statement
_SAME_SECONDS = 0.001  # the moment of one turn, as two databases tell it
_NOBODY = 32  # characters of a name that leads nowhere; a hash has 64


@dataclass(frozen=True)
class Due:
    """A conversation of which turns up to this one are to be taken in."""

    conversation: str
    through: int


class Archive:
    """In the database of this engine; makes its own tables and views."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        tables.create(engine)

    def take_in(self, backend: StateBackend, due: Iterable[Due], most: int) -> tuple[int, list[Due]]:
        """Take in at most so many turns; returns how many, and what is still due. On an error nothing is kept."""
        from skycap.state.analytics.facts import Rows  # imports Rasa: seconds, which a report need not wait for

        left, rows = list(due), Rows()
        with self._write() as connection:
            while left and (room := most - len(rows.turns)):
                course = self._read_on(connection, backend, left[0], room, rows)
                took = len(rows.turns) - (most - room)
                if took:
                    _keep(connection, course)
                if took < room or course.turn >= left[0].through:
                    left.pop(0)
            for table, new in ((turns, rows.turns), (events, rows.events), (bookings, rows.bookings)):
                if new:
                    connection.execute(insert(table), new)
        return len(rows.turns), left

    def _read_on(self, connection: Connection, backend: StateBackend, due: Due, most: int, rows: Rows) -> Course:
        """Read on from where the conversation is taken in to, and add the rows; returns where it is then."""
        from skycap.state.analytics.facts import Course

        name = hashed(due.conversation)
        course = _course(connection, name)
        found = backend.turns_after(due.conversation, max(course.turn - 1, 0), most + 1)
        last = found.pop(course.turn, None)
        if course.turn and (abs(last.at - course.at) > _SAME_SECONDS if last else not found):
            if not backend.turns_after(due.conversation, 0, 1):
                return course  # erased meanwhile
            _unname(connection, [name])  # deleted and begun anew since: what is here is of another
            course, found = Course(name), backend.turns_after(due.conversation, 0, most)
        for number in sorted(found)[:most]:
            if number <= due.through:
                course.take(number, found[number], rows)
        return course

    def taken_in(self, names: Collection[str]) -> dict[str, int]:
        """The number of the last turn taken in, of those conversations (hashes) that are known."""
        here, found, wanted = conversations.c, {}, list(names)
        with database.read(self.engine) as connection:
            for begin in range(0, len(wanted), _AT_ONCE):
                query = select(here.conversation, here.turn)
                some = here.conversation.in_(wanted[begin : begin + _AT_ONCE])
                found.update(tuple(row) for row in connection.execute(query.where(some)))
        return found

    @property
    def since(self) -> float:
        """Conversations whose last turn is older, in seconds since 1970, are all taken in."""
        with database.read(self.engine) as connection:
            return connection.execute(select(tables.progress.c.since)).scalar() or 0.0

    @property
    def looked_at(self) -> datetime | None:
        """When it was last brought up to date."""
        with database.read(self.engine) as connection:
            return connection.execute(select(tables.progress.c.looked_at)).scalar()

    def mark(self, since: float, now: float) -> None:
        """Note that all conversations whose last turn is older than `since` are taken in."""
        row = {"since": since, "looked_at": datetime.fromtimestamp(now, timezone.utc)}
        with self._write() as connection:
            if not connection.execute(update(tables.progress).values(row)).rowcount:
                connection.execute(insert(tables.progress), {"id": 1, **row})

    def erase(self, name: str) -> int:
        """Delete a conversation (a hash); returns how many turns it had."""
        with self._write() as connection:
            return _delete(connection, name)

    def expire(self, before: datetime) -> int:
        """Delete sessions that ended before this moment, with all that belongs to them; returns how many turns."""
        gone = 0
        with self._write() as connection:
            for table in (events, bookings, handoffs, turns):
                mine = (sessions.c.conversation == table.c.conversation, sessions.c.number == table.c.session)
                old = exists().where(*mine, sessions.c.ended_at < before)
                gone = connection.execute(delete(table).where(old)).rowcount  # in the end, of turns
            connection.execute(delete(sessions).where(sessions.c.ended_at < before))
            connection.execute(delete(conversations).where(conversations.c.at < before.timestamp()))
        return gone

    def unname(self, stored: Iterable[str], before: datetime) -> int:
        """Give conversations that are stored no longer, and ended before this moment, names that lead nowhere.

        `stored`: the ids of those that are. Returns how many. What is counted stays, and a traveller who comes back
        begins anew.
        """
        names = {hashed(each) for each in stored}
        with self._write() as connection:
            here = conversations.c
            old = connection.execute(select(here.conversation).where(here.at < before.timestamp())).scalars().all()
            gone = [each for each in old if each not in names and len(each) > _NOBODY]
            _unname(connection, gone)
            return len(gone)

    def everything_of(self, name: str) -> dict[str, list[dict[str, Any]]]:
        """The rows of a conversation (a hash) by table, without its name; tables that have none are left out."""
        found = {}
        with database.read(self.engine) as connection:
            for table in OF_A_CONVERSATION:
                columns = [each for each in table.columns if each.name != "conversation"]
                query = select(columns).where(table.c.conversation == name).order_by(*table.primary_key)
                found[table.name] = [dict(row._mapping) for row in connection.execute(query)]
        return {table: rows for table, rows in found.items() if rows}

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with database.write(self.engine) as connection:
            tables.lock(connection)
            yield connection


def _course(connection: Connection, name: str) -> Course:
    """How far a conversation is taken in."""
    from skycap.state.analytics.facts import Course

    known = connection.execute(select(conversations).where(conversations.c.conversation == name)).one_or_none()
    if known is None:
        return Course(name)
    session = select(sessions).where(sessions.c.conversation == name, sessions.c.number == known.sessions)
    handoff = select(handoffs).where(handoffs.c.conversation == name, handoffs.c.resumed_at.is_(None))
    rows = {"session": connection.execute(session).one_or_none(), "handoff": connection.execute(handoff).one_or_none()}
    return Course(**known._mapping, **{part: dict(row._mapping) for part, row in rows.items() if row})


def _keep(connection: Connection, course: Course) -> None:
    """Write how far a conversation is taken in, its sessions and hand-overs as they are now."""
    here = {each.name: getattr(course, each.name) for each in conversations.columns}
    of_sessions = [*course.changed, *([course.session] if course.session else [])]
    of_handoffs = [*course.closed, *([course.handoff] if course.handoff else [])]
    for table, rows in ((conversations, [here]), (sessions, of_sessions), (handoffs, of_handoffs)):
        for row in rows:
            connection.execute(delete(table).where(*(each == row[each.name] for each in table.primary_key)))
            connection.execute(insert(table), row)


def _delete(connection: Connection, name: str) -> int:
    """Delete all rows of a conversation; returns how many turns there were."""
    gone = {each: connection.execute(delete(each).where(each.c.conversation == name)) for each in OF_A_CONVERSATION}
    return gone[turns].rowcount


def _unname(connection: Connection, names: Iterable[str]) -> None:
    """Call these conversations something that leads nowhere."""
    for name in names:
        nobody = uuid.uuid4().hex
        for table in OF_A_CONVERSATION:
            connection.execute(update(table).where(table.c.conversation == name).values(conversation=nobody))


def open_archive(url: str) -> Archive:
    """The archive at this SQLAlchemy URL, the same one each time within a process."""
    return _open(url, os.getpid())


@lru_cache(maxsize=4)
def _open(url: str, pid: int) -> Archive:  # a forked process must not share its parent's connections
    return Archive(database.engine(url))
