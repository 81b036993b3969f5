-- Let each user reach the rows in a generation's table that they reach in the live one: their own.
select taskfold.guard_like(%(table)s::regclass, %(live)s::regclass)
