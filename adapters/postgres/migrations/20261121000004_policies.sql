-- Runs before new code: it only adds.
-- Published policies, kept for good, and which one each tenant's new leads are judged by.

-- migrate:up
create table policy (
    policy_hash  text not null,
    tenant       text not null,
    name         text not null,
    text         text not null,
    packs        jsonb not null,
    author       text not null,
    published_at timestamptz not null default now(),
    primary key (tenant, policy_hash)
);
create index policy_text on policy (policy_hash);

create table active_policy (
    tenant       text primary key,
    policy_hash  text not null,
    recorded_at timestamptz not null default now(),
    foreign key (tenant, policy_hash) references policy (tenant, policy_hash)
);

-- migrate:down
drop table active_policy, policy;
