-- Whose rows a transaction reaches, as a policy says it. No subquery, which a divided PostgreSQL
-- refuses. A request's one user is compared, a group's many are looked for in a list that is no
-- array, since an array would be taken apart anew for every row, and as bytes, since the place of a
-- character would be counted. A range that an index could use is not put beside it: the planner would
-- believe that hardly anything lies in it.
create function taskfold.own_rows() returns text
language sql immutable as $$ select $own$(
    user_id = current_setting('taskfold.user_id', true)
    or position(
        convert_to(e'\n' || user_id || e'\n', 'UTF8')
        in convert_to(current_setting('taskfold.user_ids', true), 'UTF8')
    ) > 0
)$own$ $$
