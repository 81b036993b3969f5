-- The one edit of history there is: a log that says of itself that it was erased may be emptied, an
-- event at a time, as far as it says. What the event says becomes JSON null, all else stays as it is.
create function taskfold.refuse_edit() returns trigger
language plpgsql as $$
begin
    if new.data = 'null' and new.metadata = 'null'
        and row(new.user_id, new.sequence, new.position, new.task_id, new.version, new.type,
                new.schema_version, new.recorded_at, new.digest, new.chain)
            is not distinct from
            row(old.user_id, old.sequence, old.position, old.task_id, old.version, old.type,
                old.schema_version, old.recorded_at, old.digest, old.chain)
        and old.type <> 'LogErased'
        and exists (
            select from taskfold.user_log
            where user_log.user_id = old.user_id and user_log.erased_through >= old.sequence
        )
        -- A head alone could be moved by whoever wants to edit; the log itself must say so.
        and exists (
            select from taskfold.event as erasure
            where erasure.user_id = old.user_id and erasure.task_id = 0
                and erasure.type = 'LogErased' and erasure.sequence > old.sequence
        )
    then
        return new;
    end if;
    raise exception 'taskfold.% is append-only: % is refused', tg_table_name, tg_op
        using errcode = 'restrict_violation',
              hint = 'History is corrected by appending, never by editing.';
end
$$
