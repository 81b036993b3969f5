-- The first kind of event behind another: one probe of the index, at any size of the log.
select type, schema_version
from taskfold.event
where (type, schema_version) > (%(type)s, %(schema_version)s)
order by type, schema_version
limit 1
