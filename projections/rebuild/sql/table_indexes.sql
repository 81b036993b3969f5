-- The indexes of a table, each defined from its method on.
select
    relation.relname as name, index.indisprimary as is_primary, index.indisunique as is_unique,
    substring(pg_get_indexdef(index.indexrelid) from ' USING (.*)$') as rest
from pg_index as index
join pg_class as relation on relation.oid = index.indexrelid
where index.indrelid = %(table)s::regclass
order by index.indisprimary desc, relation.relname
