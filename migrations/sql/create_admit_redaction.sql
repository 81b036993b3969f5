-- Whoever asks for the erasure of a log may empty its events; the trigger says which. Nobody else
-- gets as far, nor anybody to another column.
create function taskfold.admit_redaction() returns void
language plpgsql as $$
declare
    role constant text := taskfold.request_role();
begin
    execute format(
        'grant update (data, metadata) on taskfold.event to %s',
        case role when 'none' then 'current_user' else quote_ident(role) end
    );
end
$$
