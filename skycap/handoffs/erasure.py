"""Hand-overs taken out again: those of a conversation, and those in which nothing happened for long.

Works on the tables of `queue`. A hand-over and what was said in it go in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.engine import Connection, Engine

from skycap.handoffs.tables import handoffs as table
from skycap.handoffs.tables import lines as line_table


def conversation_ids(engine: Engine) -> set[str]:
    """Every conversation that was handed over."""
    with engine.connect() as connection, connection.begin():
        return set(connection.execute(select(table.c.conversation_id).distinct()).scalars())


def mentioning(engine: Engine, matches: Callable[[str], bool]) -> set[str]:
    """The conversations in whose hand-overs something matches: what was said, or the slots that were filled."""
    said = select(table.c.conversation_id, line_table.c.text).join(line_table, line_table.c.handoff_id == table.c.id)
    known = select(table.c.conversation_id, table.c.summary)
    with engine.connect() as connection, connection.begin():
        found = {row.conversation_id for row in connection.execute(said) if matches(row.text)}
        for row in connection.execute(known):
            if any(matches(str(value)) for value in json.loads(row.summary).values()):
                found.add(row.conversation_id)
    return found


def everything_of(engine: Engine, conversation_id: str) -> list[dict[str, object]]:
    """The hand-overs of a conversation as the tables have them, each with its lines."""
    mine = select(table).where(table.c.conversation_id == conversation_id).order_by(table.c.id)
    with engine.connect() as connection, connection.begin():
        found = [dict(row._mapping) for row in connection.execute(mine)]
        for each in found:
            said = select(line_table).where(line_table.c.handoff_id == each["id"]).order_by(line_table.c.id)
            each["lines"] = [dict(row._mapping) for row in connection.execute(said)]
    return found


def erase(engine: Engine, conversation_id: str) -> tuple[int, int]:
    """Delete the hand-overs of a conversation, open ones too; returns how many, and how many lines."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        query = select(table.c.id).where(table.c.conversation_id == conversation_id).with_for_update()
        return _delete(connection, connection.execute(query).scalars().all())


def expire(engine: Engine, before: datetime) -> tuple[int, int]:
    """Delete those in which nothing happened since this moment; returns how many, and how many lines."""
    happened = [or_(table.c[name].is_(None), table.c[name] < before) for name in ("asked_at", "taken_at", "closed_at")]
    later = exists().where(line_table.c.handoff_id == table.c.id, line_table.c.at >= before)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        query = select(table.c.id).where(*happened, ~later).with_for_update()
        return _delete(connection, connection.execute(query).scalars().all())


def _delete(connection: Connection, ids: Iterable[int]) -> tuple[int, int]:
    handoffs = lines = 0
    for each in ids:
        lines += connection.execute(delete(line_table).where(line_table.c.handoff_id == each)).rowcount
        handoffs += connection.execute(delete(table).where(table.c.id == each)).rowcount
    return handoffs, lines
