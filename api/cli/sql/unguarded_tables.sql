-- The tables of users' rows that bind not everybody. One that a rebuild is filling is nobody's yet.
select relname::text
from pg_catalog.pg_class
inner join pg_catalog.pg_attribute
    on attrelid = pg_class.oid and attname = 'user_id' and not attisdropped
where relnamespace = 'taskfold'::regnamespace
    and relkind = 'r'
    and relname !~ '_g[0-9]+$'
    and not (relrowsecurity and relforcerowsecurity)
order by relname
