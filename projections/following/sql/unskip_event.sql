-- No longer pass over an event.
delete from taskfold.projection_skip
where name = %(name)s and user_id = %(user_id)s and sequence = %(sequence)s
