-- All rows of a range of users. Instants no calendar of ours can hold are clamped: that they are not
-- what they should be is seen all the same.
select {readable}
from {table}
where user_id >= %(after)s and user_id <= %(until)s and (%(including)s or user_id > %(after)s)
