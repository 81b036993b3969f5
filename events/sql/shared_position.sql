-- A position that two events have, if there is one; no key of the table forbids it.
select position from taskfold.event group by position having count(*) > 1 limit 1
