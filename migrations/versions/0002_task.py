"""The read table of tasks, and that of what they are found by.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from events.statements import statement

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("task_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("order", sa.Double, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("due", sa.Text),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("title_key", sa.Text(collation="C"), nullable=False),
        sa.CheckConstraint("task_id >= 1", name="task_task_id_check"),
        sa.CheckConstraint("version >= 1", name="task_version_check"),
        sa.CheckConstraint("sequence >= 1", name="task_sequence_check"),
        sa.CheckConstraint("priority between 0 and 3", name="task_priority_check"),
        schema="taskfold",
        postgresql_with={"fillfactor": "80"},
    )
    op.execute("select taskfold.guard('taskfold.task', 'select', 'insert', 'update')")
    _create_indexes()
    _create_terms()


def downgrade() -> None:
    op.execute("drop function taskfold.found_tasks(tsquery, tsquery, text[])")
    op.drop_table("task_terms", schema="taskfold")
    op.drop_table("task", schema="taskfold")


def _create_indexes() -> None:
    listed = sa.column("deleted_at").is_(None)
    is_open = sa.column("completed_at").is_(None)
    for name, columns, where in (
        ("created", (is_open, "task_id"), listed),
        ("due", ("due_at", "task_id"), sa.and_(is_open, listed)),
        ("priority", ("priority", "task_id"), sa.and_(is_open, listed)),
        ("order", ("order", "task_id"), sa.and_(is_open, listed)),
    ):
        op.create_index(
            f"task_{name}_idx",
            "task",
            ["user_id", *columns],
            schema="taskfold",
            postgresql_where=where,
        )
    op.create_index("task_sequence_idx", "task", ["user_id", listed, "sequence"], schema="taskfold")


def _create_terms() -> None:
    op.create_table(
        "task_terms",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("task_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("terms", postgresql.TSVECTOR, nullable=False),
        sa.CheckConstraint("task_id >= 1", name="task_terms_task_id_check"),
        schema="taskfold",
    )
    op.execute("select taskfold.guard('taskfold.task_terms', 'select', 'insert', 'update')")
    op.create_index(
        "task_terms_idx",
        "task_terms",
        ["terms"],
        schema="taskfold",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.execute(statement("migrations", "create_found_tasks"))
    # Whoever may call it may ask for anybody's; the role of requests is let in by `secure`.
    op.execute("revoke all on function taskfold.found_tasks(tsquery, tsquery, text[]) from public")
