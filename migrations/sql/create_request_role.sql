-- What requests run as; "none" is whoever is connected, where no role could be made.
create function taskfold.request_role() returns text
language sql immutable as $$ select 'none' $$
