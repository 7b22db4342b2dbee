"""Names, addresses and phones of passengers become longer, encrypted texts; what is there is encrypted."""

import sqlalchemy as sa
from alembic import op

from flights.sealed import SEALED, cipher

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("passenger_name", "contact_email", "contact_phone")
TABLE = sa.table("bookings", sa.column("reference", sa.String), *(sa.column(name, sa.Text) for name in COLUMNS))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite does not look at lengths
        for name in COLUMNS:
            op.alter_column("bookings", name, type_=sa.Text)
    for row in op.get_bind().execute(sa.select(TABLE).where(TABLE.c.passenger_name.is_not(None))).all():
        plain = {name: getattr(row, name) for name in COLUMNS}
        sealed = {name: cipher().seal(text) for name, text in plain.items() if text and not text.startswith(SEALED)}
        if sealed:
            op.get_bind().execute(sa.update(TABLE).where(TABLE.c.reference == row.reference).values(**sealed))


def downgrade() -> None:
    for row in op.get_bind().execute(sa.select(TABLE).where(TABLE.c.passenger_name.is_not(None))).all():
        texts = {name: getattr(row, name) for name in COLUMNS}
        plain = {name: cipher().open(text) for name, text in texts.items() if text and text.startswith(SEALED)}
        if plain:
            op.get_bind().execute(sa.update(TABLE).where(TABLE.c.reference == row.reference).values(**plain))
    if op.get_bind().dialect.name == "postgresql":
        for name, length in zip(COLUMNS, (255, 255, 64), strict=True):
            op.alter_column("bookings", name, type_=sa.String(length))
