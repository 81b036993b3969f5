-- Whether the schema has what guards the rows of users.
select to_regprocedure('taskfold.request_role()') is not null
