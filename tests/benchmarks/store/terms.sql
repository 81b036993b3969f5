-- What the projection of terms makes of those events.
insert into taskfold.task_terms (user_id, task_id, title, description, tags, terms)
select
    user_id, task_id, %(title)s, %(description)s, '{}',
    array_to_tsvector(array(select owner || ending from unnest(%(endings)s::text[]) as ending))
from unnest(%(user_ids)s::text[], %(owners)s::text[]) as person (user_id, owner)
cross join generate_series(1, %(tasks)s::bigint) as task_id
