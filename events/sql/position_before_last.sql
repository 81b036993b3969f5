-- The position after which a number of the settled events stand, or nothing where there are no
-- more than those.
select position
from taskfold.event
where position <= %(until)s
order by position desc
offset %(count)s
limit 1
