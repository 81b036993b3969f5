"""A PostgreSQL of Taskfold's own: started by its first local user, stopped by the last."""
