-- What knows a table by itself and not by its name, so that it would not follow the name.
select format('the view %%s', rule.ev_class::regclass)
from pg_depend as dependency
join pg_rewrite as rule on rule.oid = dependency.objid
where dependency.classid = 'pg_rewrite'::regclass
    and dependency.refobjid = %(table)s::regclass
    and rule.ev_class <> %(table)s::regclass
union
select format('the trigger %%I', tgname)
from pg_trigger
where tgrelid = %(table)s::regclass and not tgisinternal
union
select format('the foreign key %%I', conname)
from pg_constraint
where contype = 'f' and %(table)s::regclass in (conrelid, confrelid)
order by 1
