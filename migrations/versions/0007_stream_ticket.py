"""The tickets that browsers redeem for a live stream.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "stream_ticket",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("believed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(hash) = 32", name="stream_ticket_hash_check"),
        schema="taskfold",
    )
    op.create_index(
        "stream_ticket_expires_at_idx", "stream_ticket", ["expires_at"], schema="taskfold"
    )
    op.execute("select taskfold.guard('taskfold.stream_ticket', 'select', 'insert', 'delete')")


def downgrade() -> None:
    op.drop_table("stream_ticket", schema="taskfold")
