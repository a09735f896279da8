-- Runs before new code. Where touches were stopped for all tenants they stay stopped, tenant by tenant: code from before it asks
-- facts_of, which knows both ways; going back stops all tenants again if any of them is stopped.
-- A tenant's kill switch and sandbox: who turned which on or off when, and why; asked again right before each touch.

-- migrate:up
create table tenant_switch (
    number  bigint generated always as identity primary key,
    tenant  text not null,
    name    text not null check (name in ('kill_switch', 'sandbox')),
    is_on   boolean not null,
    by      text not null,
    because text not null,
    at      timestamptz not null default clock_timestamp()
);
comment on table tenant_switch is 'append-only: the newest row of a name says how the tenant''s switch stands; none is off';
create index tenant_switch_newest on tenant_switch (tenant, name, number desc);
create trigger append_only before update or delete or truncate on tenant_switch
    for each statement execute function refuse_change();

insert into tenant_switch (tenant, name, is_on, by, because)
select tenant, 'kill_switch', true, 'baton', 'it was on for all tenants before each had its own'
from active_policy where exists (select from setting where key = 'kill_switch' and value = 'true');
delete from setting where key = 'kill_switch';

create function is_switched_on(p_tenant text, p_name text) returns boolean
language sql stable as $$
    select coalesce((select is_on from tenant_switch where tenant = p_tenant and name = p_name order by number desc limit 1), false)
$$;
comment on function is_switched_on is 'how a tenant''s switch stands';

create function switches_of(p_tenant text) returns jsonb
language sql stable return
    jsonb_build_object('kill_switch', is_switched_on(p_tenant, 'kill_switch'), 'sandbox', is_switched_on(p_tenant, 'sandbox'));
comment on function switches_of is 'a part of what a judgement may know';

alter function facts_of rename to lead_facts_of;
create function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable return
    lead_facts_of(p_tenant, p_lead, p_now, p_without) || switches_of(p_tenant);
comment on function facts_of is 'all of one lead that a judgement or a touch reads: lead_facts_of and switches_of; null when there is no such lead';

create function stop_touch(p_touch text, p_claimer text) returns text
language plpgsql as $$
declare
    t touch;
begin
    select * into t from touch where touch_id = p_touch;
    if t.state is distinct from 'claimed' or t.claimed_by is distinct from p_claimer then
        return null;
    elsif is_switched_on(t.tenant, 'sandbox') then
        update touch set state = 'cancelled', because = 'sandbox', settled_at = clock_timestamp()
        where touch_id = p_touch and state = 'claimed' and claimed_by = p_claimer;
        return 'sandbox';
    elsif t.purpose <> 'internal' and is_switched_on(t.tenant, 'kill_switch') then
        return 'kill_switch';
    end if;
    return null;
end $$;
comment on function stop_touch is 'why a claimed touch may not be begun: in a sandbox it never is; while the kill switch is on it stays claimed, to be tried again';

-- migrate:down
insert into setting (key, value)
select 'kill_switch', 'true' where exists (select from tenant_switch where is_switched_on(tenant, 'kill_switch'))
on conflict (key) do update set value = excluded.value;
drop function stop_touch, facts_of;
alter function lead_facts_of rename to facts_of;
drop function switches_of, is_switched_on;
drop table tenant_switch;
