"""The event log, append-only by trigger, the heads of the users' logs, and what guards such tables.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from events.statements import statement

revision = "0001"
down_revision = None

GUARD = (
    "request_role",
    "maintainer",
    "own_rows",
    "guard",
    "guard_like",
    "admit",
    "admit_redaction",
    "is_admitted",
    "make_request_role",
    "secure",
)
"""The functions that guard tables of users' rows, in the order they are made."""


def upgrade() -> None:
    _create_guard()
    # Ids are compared, never read: byte order is the same on every machine, for ever.
    op.create_table(
        "user_log",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("chain", sa.LargeBinary, nullable=False, server_default=r"\x" + "00" * 32),
        sa.Column("last_task_id", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("erased_through", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("cleared_through", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("sequence >= 0", name="user_log_sequence_check"),
        sa.CheckConstraint("octet_length(chain) = 32", name="user_log_chain_check"),
        sa.CheckConstraint(
            "cleared_through between 0 and erased_through and erased_through <= sequence",
            name="user_log_erasure_check",
        ),
        schema="taskfold",
        # Heads are updated all the time and never in an indexed column: room for HOT updates.
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index(
        "user_log_erasing_idx",
        "user_log",
        ["user_id"],
        schema="taskfold",
        postgresql_where=sa.column("cleared_through") < sa.column("erased_through"),
    )
    op.create_table(
        "event",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("schema_version", sa.SmallInteger, nullable=False),
        sa.Column("data", postgresql.JSONB, nullable=False),
        sa.Column("metadata", postgresql.JSONB, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("user_id", "task_id", "version", name="event_stream_key"),
        sa.CheckConstraint("sequence >= 1", name="event_sequence_check"),
        sa.CheckConstraint("version >= 1", name="event_version_check"),
        sa.CheckConstraint("octet_length(digest) = 32", name="event_digest_check"),
        sa.CheckConstraint("octet_length(chain) = 32", name="event_chain_check"),
        schema="taskfold",
    )
    op.create_index("event_position_idx", "event", ["position"], schema="taskfold")
    # So that the types a log holds are found at any size: see events/event_types.py.
    op.create_index("event_type_idx", "event", ["type", "schema_version"], schema="taskfold")
    op.execute("""
        create function taskfold.refuse_change() returns trigger
        language plpgsql as $$
        begin
            raise exception 'taskfold.% is append-only: % is refused', tg_table_name, tg_op
                using errcode = 'restrict_violation',
                      hint = 'History is corrected by appending, never by editing.';
        end
        $$
    """)
    op.execute("""
        create trigger event_is_append_only
        before delete or truncate or update of
            user_id, sequence, position, task_id, version, type, schema_version,
            recorded_at, digest, chain
        on taskfold.event
        for each statement execute function taskfold.refuse_change()
    """)
    op.execute(statement("migrations", "create_refuse_edit"))
    op.execute("""
        create trigger event_is_edited_by_erasure_alone
        before update on taskfold.event
        for each row execute function taskfold.refuse_edit()
    """)
    # "Always" holds in a session that plays replica, too.
    op.execute("alter table taskfold.event enable always trigger event_is_append_only")
    op.execute("alter table taskfold.event enable always trigger event_is_edited_by_erasure_alone")
    # The trigger stops everybody; without the privilege a mistake of the owner's does not even
    # get as far.
    op.execute("revoke update, delete, truncate on taskfold.event from public, current_user")
    op.execute("select taskfold.guard('taskfold.user_log', 'select', 'insert', 'update')")
    op.execute("select taskfold.guard('taskfold.event', 'select', 'insert')")
    op.execute("""
        do $$
        begin
            execute format(
                'create policy redact_own on taskfold.event for update using %s',
                taskfold.own_rows()
            );
        end
        $$
    """)
    op.execute("select taskfold.admit_redaction()")


def downgrade() -> None:
    op.drop_table("event", schema="taskfold")
    op.execute("drop function taskfold.refuse_edit()")
    op.execute("drop function taskfold.refuse_change()")
    op.drop_table("user_log", schema="taskfold")
    for function in (
        "secure()",
        "guard_like(regclass, regclass)",
        "guard(regclass, text[])",
        "own_rows()",
        "admit_redaction()",
        "admit(regclass)",
        "is_admitted(regclass)",
        "make_request_role()",
        "request_role()",
        "maintainer()",
    ):
        op.execute(f"drop function taskfold.{function}")
    # The role stays: it belongs to the whole server, and other databases may use it.


def _create_guard() -> None:
    """Make the one place that says how a table of users' rows is guarded."""
    for function in GUARD:
        op.execute(statement("migrations", f"create_{function}"))
