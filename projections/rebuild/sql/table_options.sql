-- How a table is stored, such as its fill factor, which LIKE leaves out.
select unnest(reloptions) from pg_class where oid = %(table)s::regclass
