-- Write rows as their events have left them, new or changed.
insert into {table} ({columns})
select {values}
from jsonb_populate_recordset(null::{table}, %(rows)s::jsonb) as changed
on conflict ({primary_key}) do update set {assignments}
