"""More read tables, and what is known of projections: how far they are, and how a rebuild goes.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _create_read_tables()
    _create_control_tables()


def downgrade() -> None:
    for table in ("projection_skip", "projection_shard", "projection"):
        op.drop_table(table, schema="taskfold")
    op.drop_table("daily_activity", schema="taskfold")
    op.drop_table("task_change", schema="taskfold")
    # What rebuilds were making or have replaced.
    op.execute("""
        do $$
        declare
            generation regclass;
        begin
            for generation in
                select oid::regclass from pg_class
                where relnamespace = 'taskfold'::regnamespace and relkind = 'r'
                    and relname ~ '^(task|task_change|task_terms|daily_activity)_g[0-9]+$'
            loop
                execute format('drop table %s', generation);
            end loop;
        end
        $$
    """)


def _create_read_tables() -> None:
    op.create_table(
        "task_change",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("task_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("field", sa.Text(collation="C"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", postgresql.JSONB, nullable=False),
        sa.Column("after", postgresql.JSONB, nullable=False),
        sa.Column("title_key", sa.Text(collation="C")),
        sa.CheckConstraint("task_id >= 1", name="task_change_task_id_check"),
        sa.CheckConstraint("version >= 1", name="task_change_version_check"),
        schema="taskfold",
    )
    op.create_table(
        "daily_activity",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("created", sa.Integer, nullable=False),
        sa.Column("completed", sa.Integer, nullable=False),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("deleted", sa.Integer, nullable=False),
        schema="taskfold",
        postgresql_with={"fillfactor": "80"},
    )
    op.execute("select taskfold.guard('taskfold.task_change', 'select', 'insert', 'update')")
    # Written by a projector; a request may look.
    op.execute("select taskfold.guard('taskfold.daily_activity', 'select')")


def _create_control_tables() -> None:
    op.create_table(
        "projection",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("inline", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("owner", sa.Text),
        sa.Column("owned_until", sa.DateTime(timezone=True)),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("failed_at", sa.DateTime(timezone=True)),
        sa.Column("failed_user_id", sa.Text(collation="C")),
        sa.Column("failed_sequence", sa.BigInteger),
        sa.Column("failure", sa.Text),
        sa.Column("phase", sa.Text),
        sa.Column("phase_began_at", sa.DateTime(timezone=True)),
        sa.Column("resumed_at", sa.DateTime(timezone=True)),
        sa.Column("resumed_events", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("events", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.CheckConstraint(
            "state in ('live', 'building', 'previous', 'gone')", name="projection_state_check"
        ),
        sa.CheckConstraint("generation >= 1", name="projection_generation_check"),
        sa.CheckConstraint("version >= 0", name="projection_version_check"),
        schema="taskfold",
    )
    op.create_index(
        "projection_state_key", "projection", ["name", "state"], unique=True, schema="taskfold"
    )
    op.create_table(
        "projection_shard",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("shard", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("after_user", sa.Text(collation="C"), nullable=False),
        sa.Column("until_user", sa.Text(collation="C"), nullable=False),
        sa.Column("done_user", sa.Text(collation="C"), nullable=False),
        sa.Column("done", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("events", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("rows", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("verdict", postgresql.JSONB, nullable=False, server_default="[]"),
        schema="taskfold",
    )
    op.create_table(
        "projection_skip",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
        sa.Column(
            "skipped_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        schema="taskfold",
    )
    # For operators: no request has any business with it.
    op.execute("select taskfold.guard('taskfold.projection_skip')")
