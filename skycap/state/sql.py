"""Conversations in a SQL database: SQLite or PostgreSQL. A turn is one transaction; what is old is never written again.

Turns that have left the window are the archive: they stay where they are.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    exists,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from skycap.state.backend import Position, StaleWrite, Standing, Turn, Window
from skycap.state.threaded import Threaded

_CREATION_LOCK = 7_318_266  # any number, the same in every process
_AT_ONCE = 500  # conversations deleted by one statement

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("on_snapshot", Boolean, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("updated_at", Float(53), nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", String(255), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Float(53), nullable=False, index=True),
    Column("message_id", String(255)),
    Column("events", Text, nullable=False),
    Column("snapshot", Text),
    UniqueConstraint("conversation_id", "message_id"),  # a message is answered once
)

# What a turn asks, made once: making a statement costs more than the database does.
_here = conversations.c
_WINDOW = (
    select(
        conversations,
        turns.c.number,
        turns.c.events,
        case((turns.c.number == _here.first - 1, turns.c.snapshot)).label("snapshot"),
        turns.c.snapshot.isnot(None).label("has_snapshot"),
    )
    .outerjoin(turns, and_(turns.c.conversation_id == _here.id, turns.c.number >= _here.first - 1))
    .where(_here.id == bindparam("conversation"))
    .order_by(turns.c.number)
)
_BEGIN, _ADD = insert(conversations), insert(turns)
_MOVE = (
    update(conversations)
    .where(
        _here.id == bindparam("conversation"), _here.version == bindparam("before"), _here.fence <= bindparam("lock")
    )
    .values({name: bindparam(name) for name in ("version", "first", "on_snapshot", "fence", "updated_at")})
)
_ANSWERED = select(turns.c.events).where(
    turns.c.conversation_id == bindparam("conversation"), turns.c.message_id == bindparam("message")
)


class SqlState(Threaded):
    """In the database of this engine; makes its own tables."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CREATION_LOCK})
            metadata.create_all(connection)

    def _load(self, conversation: str) -> Window | None:
        with self._engine.connect() as connection, connection.begin():
            rows = connection.execute(_WINDOW, {"conversation": conversation}).all()
        if not rows:
            return None
        position = Position(rows[0].version, rows[0].first, rows[0].on_snapshot, rows[0].fence)
        live = [row for row in rows if row.number is not None and row.number >= position.first]
        return Window(
            position,
            rows[0].snapshot if position.on_snapshot else None,
            {row.number: row.events for row in live},
            tuple(row.number for row in live if row.has_snapshot),
        ).check()

    def _commit(self, conversation: str, turn: Turn, position: Position) -> None:
        place = {"first": position.first, "on_snapshot": position.on_snapshot, "fence": position.fence}
        place |= {"version": position.version, "updated_at": turn.at}
        try:
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                self._move(connection, conversation, place)
                row = {"conversation_id": conversation, "number": position.version, **turn.__dict__}
                connection.execute(_ADD, row)
        except IntegrityError as error:
            raise StaleWrite(f"turn {position.version} or its message is stored already") from error

    def _move(self, connection: Connection, conversation: str, place: dict[str, float]) -> None:
        """Write where the conversation stands. Raises StaleWrite, and IntegrityError when it was just begun."""
        if place["version"] == 1:
            connection.execute(_BEGIN, {"id": conversation, **place})
            return
        unchanged = {"conversation": conversation, "before": place["version"] - 1, "lock": place["fence"]}
        if connection.execute(_MOVE, {**unchanged, **place}).rowcount != 1:
            raise StaleWrite(f"turn {place['version']} is not the next one, or the lock is lost")

    def _answered(self, conversation: str, message_id: str) -> str | None:
        asked = {"conversation": conversation, "message": message_id}
        with self._engine.connect() as connection, connection.begin():
            return connection.execute(_ANSWERED, asked).scalar()

    def history(self, conversation: str) -> list[str]:
        return list(self.numbered(conversation).values())

    def numbered(self, conversation: str) -> dict[int, str]:
        """The events of all turns by number, in order."""
        query = select(turns.c.number, turns.c.events).where(turns.c.conversation_id == conversation)
        with self._engine.connect() as connection, connection.begin():
            return {row.number: row.events for row in connection.execute(query.order_by(turns.c.number))}

    def keep(self, conversation: str, moved: dict[int, Turn]) -> None:
        """Take in turns of a conversation that is live elsewhere; those that are here already stay as they are."""
        last = max(moved)
        place = {"version": last, "first": last + 1, "on_snapshot": False, "fence": 0, "updated_at": moved[last].at}
        mine = {"conversation_id": conversation}
        rows = [{**mine, "number": number, **turn.__dict__} for number, turn in moved.items()]
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            newest = dialect.insert(conversations).values(id=conversation, **place)
            connection.execute(newest.on_conflict_do_update(index_elements=["id"], set_=place))
            connection.execute(dialect.insert(turns).on_conflict_do_nothing(), rows)

    def turns_after(self, conversation: str, number: int, most: int) -> dict[int, Turn]:
        here = turns.c
        later = select(here.number, here.events, here.at, here.message_id).order_by(here.number).limit(most)
        with self._engine.connect() as connection, connection.begin():
            rows = connection.execute(later.where(here.conversation_id == conversation, here.number > number)).all()
        return {row.number: Turn(row.events, row.at, row.message_id) for row in rows}

    def conversations(self) -> set[str]:
        with self._engine.connect() as connection, connection.begin():
            return set(connection.execute(select(conversations.c.id)).scalars())

    def standings(self, since: float = 0.0) -> dict[str, Standing]:
        query = select(conversations).where(conversations.c.updated_at >= since)
        with self._engine.connect() as connection, connection.begin():
            rows = connection.execute(query).all()
        return {
            row.id: Standing(Position(row.version, row.first, row.on_snapshot, row.fence), row.updated_at)
            for row in rows
        }

    def erase(self, conversation: str) -> int:
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            return _erase(connection, [conversation])

    def expire(self, before: float) -> int:
        here, gone = conversations.c, 0
        left = exists().where(here.id == turns.c.conversation_id, turns.c.number < here.first - 1)
        left_for_good = exists().where(
            here.id == turns.c.conversation_id, turns.c.number < here.first, here.on_snapshot.is_(False)
        )
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            ended = (
                connection.execute(select(here.id).where(here.updated_at < before).with_for_update()).scalars().all()
            )
            for begin in range(0, len(ended), _AT_ONCE):
                gone += _erase(connection, ended[begin : begin + _AT_ONCE])
            return gone + connection.execute(delete(turns).where(turns.c.at < before, left | left_for_good)).rowcount

    def _close(self) -> None:
        self._engine.dispose()


def _erase(connection: Connection, ids: list[str]) -> int:
    """Delete conversations; where they stand goes first, so that who is about to write to one finds it changed."""
    connection.execute(delete(conversations).where(conversations.c.id.in_(ids)))
    return connection.execute(delete(turns).where(turns.c.conversation_id.in_(ids))).rowcount
