-- One task in one transaction, without history.
\set user random(1, :users)
insert into crud_task (user_id, title, description)
values ('user-' || :user, 'Task 12', 'What is to be done.');
