-- All rows of a range of users.
select {columns}
from {table}
where user_id >= %(after)s and user_id <= %(until)s and (%(including)s or user_id > %(after)s)
