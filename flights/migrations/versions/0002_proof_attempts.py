"""Wrong tries at proving a booking."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proof_attempts",
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_proof_attempts"),
    )
    op.create_index("ix_proof_attempts_last_at", "proof_attempts", ["last_at"])


def downgrade() -> None:
    op.drop_table("proof_attempts")
