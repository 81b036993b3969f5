-- The position after which a number of events stand, or nothing where there are no more than those.
select position
from taskfold.event
order by position desc
offset %(count)s
limit 1
