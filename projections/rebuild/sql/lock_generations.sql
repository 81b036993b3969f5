-- A projection's generations, for this transaction alone to change.
select generation from taskfold.projection where name = %(name)s order by generation for update
