"""The read table of tasks.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("task_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("order", sa.Double, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("task_id >= 1", name="task_task_id_check"),
        sa.CheckConstraint("version >= 1", name="task_version_check"),
        schema="taskfold",
        postgresql_with={"fillfactor": "80"},
    )
    op.execute("select taskfold.guard('taskfold.task', 'select', 'insert', 'update')")


def downgrade() -> None:
    op.drop_table("task", schema="taskfold")
