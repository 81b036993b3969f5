-- A rebuild or rollback that is to end: whoever works on it finds nothing more to do. A plain update,
-- which those who only look at the row are not in the way of.
update taskfold.projection
set phase = null
where name = %(name)s and state in ('building', 'previous')
