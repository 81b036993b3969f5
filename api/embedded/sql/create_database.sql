-- Owned by the application's role, so that its migrations may create the schema.
create database taskfold owner taskfold
