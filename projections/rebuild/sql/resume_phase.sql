-- Somebody goes on with a phase; how fast it goes is measured from here.
update taskfold.projection
set
    resumed_at = clock_timestamp(),
    resumed_events = (
        select coalesce(sum(events), 0) from taskfold.projection_shard where name = %(name)s
    )
where name = %(name)s and generation = %(generation)s and phase is not null
