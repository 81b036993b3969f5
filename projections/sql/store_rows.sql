-- Write rows as their events have left them, new or changed.
insert into {table} ({columns})
select {values}
from unnest({arrays}) as changed ({columns})
on conflict ({primary_key}) do update set {assignments}
