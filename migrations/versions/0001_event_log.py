"""The event log, append-only by trigger, the heads of the users' logs, and what guards such tables.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_guard()
    # Ids are compared, never read: byte order is the same on every machine, for ever.
    op.create_table(
        "user_log",
        sa.Column("user_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("chain", sa.LargeBinary, nullable=False, server_default=r"\x" + "00" * 32),
        sa.Column("last_task_id", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("sequence >= 0", name="user_log_sequence_check"),
        sa.CheckConstraint("octet_length(chain) = 32", name="user_log_chain_check"),
        schema="taskfold",
        # Heads are updated all the time and never in an indexed column: room for HOT updates.
        postgresql_with={"fillfactor": "50"},
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
        before update or delete or truncate on taskfold.event
        for each statement execute function taskfold.refuse_change()
    """)
    # "Always" holds in a session that plays replica, too.
    op.execute("alter table taskfold.event enable always trigger event_is_append_only")
    # The trigger stops everybody; without the privilege a mistake of the owner's does not even
    # get as far.
    op.execute("revoke update, delete, truncate on taskfold.event from public, current_user")
    op.execute("select taskfold.guard('taskfold.user_log', 'select', 'insert', 'update')")
    op.execute("select taskfold.guard('taskfold.event', 'select', 'insert')")


def downgrade() -> None:
    op.drop_table("event", schema="taskfold")
    op.execute("drop function taskfold.refuse_change()")
    op.drop_table("user_log", schema="taskfold")
    for function in (
        "secure()",
        "guard_like(regclass, regclass)",
        "guard(regclass, text[])",
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
    # What requests run as; "none" is whoever is connected, where no role could be made.
    op.execute("""
        create function taskfold.request_role() returns text
        language sql immutable as $$ select 'none' $$
    """)
    # Whom the migrations belong to. By the name every server knows, if that is the owner of the
    # database, so that a dump can be restored under another owner.
    op.execute("""
        create function taskfold.maintainer() returns text
        language sql stable as $$
            select case
                when nspowner = datdba then 'pg_database_owner' else quote_ident(rolname)
            end
            from pg_namespace, pg_database, pg_roles
            where nspname = 'taskfold' and datname = current_database()
                and pg_roles.oid = nspowner
        $$
    """)
    # What may be done to whose rows, for ever. No subquery, which a divided PostgreSQL refuses.
    # A request's one user is compared, a group's many are looked for in a list that is no array,
    # since an array would be taken apart anew for every row. A range that an index could use is
    # not put beside it: the planner would believe that hardly anything lies in it.
    op.execute("""
        create function taskfold.guard(relation regclass, variadic actions text[] default '{}')
        returns void
        language plpgsql as $$
        declare
            own constant text := $own$(
                user_id = current_setting('taskfold.user_id', true)
                or strpos(
                    current_setting('taskfold.user_ids', true), e'\\n' || user_id || e'\\n'
                ) > 0
            )$own$;
            action text;
        begin
            execute format('alter table %s enable row level security', relation);
            execute format('alter table %s force row level security', relation);
            foreach action in array actions loop
                execute format(
                    'create policy own_%s on %s for %s %s %s', action, relation, action,
                    case when action = 'insert' then 'with check' else 'using' end, own
                );
            end loop;
            perform taskfold.admit(relation);
        end
        $$
    """)
    # A rebuild's table is guarded like the one it will replace.
    op.execute("""
        create function taskfold.guard_like(relation regclass, other regclass) returns void
        language sql as $$
            select taskfold.guard(
                relation, variadic coalesce(array_agg(substr(polname, 5)::text), '{}')
            )
            from pg_policy
            where polrelid = other and polname like 'own\\_%'
        $$
    """)
    # Those who maintain reach everybody's rows, where requests have a role of their own. Where they
    # have none, so long as nobody is set; then the setting alone binds whoever is connected.
    op.execute("""
        create function taskfold.admit(relation regclass) returns void
        language plpgsql as $$
        declare
            role constant text := taskfold.request_role();
            action text;
        begin
            execute format('drop policy if exists everybody on %s', relation);
            execute format(
                'create policy everybody on %s to %s using (%s)', relation, taskfold.maintainer(),
                case when role <> 'none' then 'true' else $nobody$
                    coalesce(current_setting('taskfold.user_id', true), '') = ''
                    and coalesce(current_setting('taskfold.user_ids', true), '') = ''
                $nobody$ end
            );
            if role <> 'none' then
                for action in
                    select substr(polname, 5) from pg_policy
                    where polrelid = relation and polname like 'own\\_%'
                loop
                    execute format('grant %s on %s to %I', action, relation, role);
                end loop;
            end if;
        end
        $$
    """)
    op.execute("""
        create function taskfold.is_admitted(relation regclass) returns boolean
        language sql stable as $$
            select exists (
                select from pg_policy
                where polrelid = relation and polname = 'everybody'
                    and polroles = array[taskfold.maintainer()::regrole::oid]
                    and (pg_get_expr(polqual, polrelid) = 'true')
                        = (taskfold.request_role() <> 'none')
            ) and not exists (
                select from pg_policy
                where polrelid = relation and polname like 'own\\_%'
                    and taskfold.request_role() <> 'none'
                    and not has_table_privilege(
                        taskfold.request_role(), polrelid, substr(polname, 5)
                    )
            )
        $$
    """)
    # Named after the owner, since roles belong to the whole server: databases of one owner share
    # it, those of others have nothing to do with it. Null where it cannot be had.
    op.execute("""
        create function taskfold.make_request_role() returns text
        language plpgsql as $$
        declare
            modern constant boolean := current_setting('server_version_num')::int >= 160000;
            owner constant text := nspowner::regrole from pg_namespace where nspname = 'taskfold';
            role constant text := 'taskfold_request_' || case
                when octet_length(owner) <= 46 then trim(both '"' from owner) else md5(owner)
            end;
        begin
            if not exists (select from pg_roles where rolname = role) then
                begin
                    execute format('create role %I nologin', role);
                exception
                    -- Another database was faster.
                    when duplicate_object or unique_violation then null;
                end;
            end if;
            if not pg_has_role(role, case when modern then 'set' else 'member' end) then
                execute format('grant %I to current_user', role)
                    || case when modern then ' with inherit false, set true' else '' end;
            end if;
            return role;
        exception
            when insufficient_privilege then return null;
        end
        $$
    """)
    # Brings what belongs to the server, and came with no dump, to where it should be.
    op.execute("""
        create function taskfold.secure() returns void
        language plpgsql as $$
        declare
            role constant text := coalesce(taskfold.make_request_role(), 'none');
            relation regclass;
        begin
            if role <> taskfold.request_role() then
                execute format(
                    'create or replace function taskfold.request_role() returns text'
                    ' language sql immutable as %L', format('select %L', role)
                );
            end if;
            if role <> 'none' and not has_schema_privilege(role, 'taskfold', 'usage') then
                execute format('grant usage on schema taskfold to %I', role);
            end if;
            if role <> 'none' and to_regclass('taskfold.projection') is not null then
                execute format(
                    'grant select (name, inline, state, version, position)'
                    ' on taskfold.projection to %I',
                    role
                );
            end if;
            for relation in
                select pg_class.oid::regclass from pg_class
                where relnamespace = 'taskfold'::regnamespace and relforcerowsecurity
                    and not taskfold.is_admitted(pg_class.oid::regclass)
            loop
                perform taskfold.admit(relation);
            end loop;
            for relation in
                select tgrelid::regclass from pg_trigger
                join pg_class on pg_class.oid = tgrelid
                where tgfoid = 'taskfold.refuse_change'::regproc and exists (
                    select from aclexplode(coalesce(relacl, acldefault('r', relowner)))
                    where privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
                )
            loop
                execute format(
                    'revoke update, delete, truncate on %s from public, current_user', relation
                );
            end loop;
        end
        $$
    """)
