"""Who read whose trail, append-only like the log.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "access",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sequence >= 1", name="access_sequence_check"),
        schema="taskfold",
    )
    op.execute("""
        create trigger access_is_append_only
        before update or delete or truncate on taskfold.access
        for each statement execute function taskfold.refuse_change()
    """)
    op.execute("alter table taskfold.access enable always trigger access_is_append_only")
    op.execute("revoke update, delete, truncate on taskfold.access from public, current_user")
    op.execute("select taskfold.guard('taskfold.access', 'select', 'insert')")


def downgrade() -> None:
    op.drop_table("access", schema="taskfold")
