-- A log as plain as it can be, with three indexes like those of an event store.
create table bench_event (
    position bigint generated always as identity,
    user_id text collate "C" not null,
    sequence bigint not null,
    task_id bigint not null,
    version int not null,
    type text not null,
    data jsonb not null,
    metadata jsonb not null,
    recorded_at timestamptz not null default now(),
    digest bytea not null,
    chain bytea not null,
    primary key (user_id, sequence),
    unique (user_id, task_id, version)
);
create index on bench_event (position);
create sequence bench_sequence cache 100;
