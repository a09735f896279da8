-- Runs before new code: it only adds.
-- The log of what was published when by whom, never changed afterwards; and open leads by the policy they follow.

-- migrate:up
create table publication (
    number    bigint generated always as identity primary key,
    tenant    text not null,
    from_hash text,
    to_hash   text not null,
    author    text not null,
    note      text not null default '',
    way       text not null check (way in ('file', 'command', 'rollback')),
    undoes    bigint references publication,
    at        timestamptz not null default clock_timestamp(),
    foreign key (tenant, to_hash) references policy (tenant, policy_hash)
);
comment on table publication is 'append-only: each time another policy became active; way file is the file of settings, at start-up';
comment on column publication.undoes is 'of a rollback: the publication it takes back';
create index publication_of_tenant on publication (tenant, number desc);

insert into publication (tenant, to_hash, author, way, at)
select p.tenant, p.policy_hash, p.author, 'file', a.recorded_at
from active_policy a join policy p using (tenant, policy_hash);

create function refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
comment on function refuse_change is 'keeps a log a log';
create trigger append_only before update or delete or truncate on publication for each statement execute function refuse_change();

create index lead_policy on lead (tenant, policy_hash) where closed_at is null;

-- migrate:down
drop index lead_policy;
drop table publication;
drop function refuse_change;
