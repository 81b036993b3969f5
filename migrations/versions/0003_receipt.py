"""The receipts that idempotency keys find again.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("task_id", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.Boolean, nullable=False),
        sa.Column("steps", JSONB),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(fingerprint) = 32", name="receipt_fingerprint_check"),
        schema="taskfold",
    )
    op.create_index("receipt_created_at_idx", "receipt", ["created_at"], schema="taskfold")
    op.execute("select taskfold.guard('taskfold.receipt', 'select', 'insert')")


def downgrade() -> None:
    op.drop_table("receipt", schema="taskfold")
