-- The parts of a list, each in order, as one.
select * from ({parts}) as listed
order by {order}
limit %(limit)s
