-- Had only when no writer is between taking positions and committing them.
select pg_advisory_xact_lock(%(key)s)
