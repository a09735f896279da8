-- Runs before new code: it only adds.
-- The log of migrations of running leads to another policy.

-- migrate:up
create table policy_migration (
    number      bigint generated always as identity primary key,
    tenant      text not null,
    key         text not null,
    to_hash     text not null,
    by          text not null,
    note        text not null,
    selection   jsonb not null,
    adopted     integer not null,
    refused     integer not null,
    unreachable integer not null,
    at          timestamptz not null default clock_timestamp(),
    foreign key (tenant, to_hash) references policy (tenant, policy_hash)
);
comment on table policy_migration is 'append-only: a row for each page of leads that were told; those of one migration share its key';
create index policy_migration_of_tenant on policy_migration (tenant, number desc);
create trigger append_only before update or delete or truncate on policy_migration
    for each statement execute function refuse_change();

-- migrate:down
drop table policy_migration;
