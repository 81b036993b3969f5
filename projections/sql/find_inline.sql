-- The inline projections whose tables are live, and whose version of the code has filled them.
select name, version
from taskfold.projection
where state = 'live' and inline and version > 0
