"""Seats, bookings and their audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "seats",
        sa.Column("flight_number", sa.String(8), nullable=False),
        sa.Column("flight_date", sa.Date, nullable=False),
        sa.Column("origin", sa.String(3), nullable=False),
        sa.Column("cabin", sa.String(16), nullable=False),
        sa.Column("destination", sa.String(3), nullable=False),
        sa.Column("seats_total", sa.Integer, nullable=False),
        sa.Column("seats_sold", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("flight_number", "flight_date", "origin", "cabin", name="pk_seats"),
        sa.CheckConstraint("seats_sold >= 0 AND seats_sold <= seats_total", name=op.f("ck_seats_not_oversold")),
    )
    op.create_table(
        "bookings",
        sa.Column("reference", sa.String(6), nullable=False),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("idempotency_key", sa.String(255), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("offer_id", sa.String(200), nullable=False),
        sa.Column("passengers", sa.Integer, nullable=False),
        sa.Column("total_cents", sa.Integer, nullable=False),
        sa.Column("fees_cents", sa.Integer, nullable=False, server_default="0"),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("origin", sa.String(3), nullable=False),
        sa.Column("destination", sa.String(3), nullable=False),
        sa.Column("departure_date", sa.Date, nullable=False),
        sa.Column("return_date", sa.Date),
        sa.Column("trip_type", sa.String(16), nullable=False),
        sa.Column("passenger_name", sa.String(255)),
        sa.Column("contact_email", sa.String(255)),
        sa.Column("contact_phone", sa.String(64)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_bookings"),
        sa.UniqueConstraint("idempotency_key", name="uq_bookings_idempotency_key"),
        sa.CheckConstraint("passengers > 0", name=op.f("ck_bookings_somebody_flies")),
    )
    op.create_index("ix_bookings_conversation_id_created_at", "bookings", ["conversation_id", "created_at"])
    op.create_index("ix_bookings_state_expires_at", "bookings", ["state", "expires_at"])
    op.create_table(
        "booking_seats",
        sa.Column("reference", sa.String(6), nullable=False),
        sa.Column("flight_number", sa.String(8), nullable=False),
        sa.Column("flight_date", sa.Date, nullable=False),
        sa.Column("origin", sa.String(3), nullable=False),
        sa.Column("destination", sa.String(3), nullable=False),
        sa.Column("cabin", sa.String(16), nullable=False),
        sa.Column("long_haul", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("reference", "flight_number", "flight_date", "origin", name="pk_booking_seats"),
        sa.ForeignKeyConstraint(["reference"], ["bookings.reference"], name="fk_booking_seats_reference"),
    )
    op.create_table(
        "booking_events",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("reference", sa.String(6), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("from_state", sa.String(16)),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("note", sa.String(255)),
        sa.PrimaryKeyConstraint("id", name="pk_booking_events"),
        sa.ForeignKeyConstraint(["reference"], ["bookings.reference"], name="fk_booking_events_reference"),
    )
    op.create_index("ix_booking_events_reference", "booking_events", ["reference"])


def downgrade() -> None:
    op.drop_table("booking_events")
    op.drop_table("booking_seats")
    op.drop_table("bookings")
    op.drop_table("seats")
