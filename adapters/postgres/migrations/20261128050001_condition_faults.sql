-- Runs before new code: it only adds.
-- Conditions that failed on a lead: one row for a policy, rule and hour, so that the supervisors hear of each once an hour.

-- migrate:up
create table condition_fault (
    tenant        text not null,
    policy_hash   text not null,
    rule          text not null,
    recorded_hour timestamptz not null,
    alert_id      text not null unique default uuidv7()::text,
    decision_id   text not null,
    lead_id       text not null,
    recorded_at   timestamptz not null default clock_timestamp(),
    tries         integer not null default 0,
    tried_at      timestamptz,
    settled_at    timestamptz,
    primary key (tenant, policy_hash, rule, recorded_hour)
);
comment on table condition_fault is 'what a lead said stays in the trace of the first decision that met the fault; every moment here is the server''s';
create index condition_fault_untold on condition_fault (tenant, recorded_at) where settled_at is null;

create function note_faults() returns trigger
language plpgsql as $$
begin
    insert into condition_fault (tenant, policy_hash, rule, recorded_hour, decision_id, lead_id)
    select new.tenant, new.policy_hash, f.rule,
           date_trunc('hour', clock_timestamp()),  -- recorded_hour
           new.decision_id, new.lead_id
    from (select distinct e ->> 'rule' as rule from jsonb_array_elements(new.trace -> 'faults') e order by 1) f  -- in one order: no deadlock
    on conflict do nothing;
    return null;
end $$;
comment on function note_faults is 'whoever stores a decision, its faults are noted with it';
create trigger note_faults after insert on decision for each row
when (jsonb_array_length(new.trace -> 'faults') > 0) execute function note_faults();

-- migrate:down
drop trigger note_faults on decision;
drop function note_faults;
drop table condition_fault;
