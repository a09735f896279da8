-- Runs before new code: it only adds, and facts_of answers more.
-- Running calls: one row each, changed under its lock (decision 0024).

-- migrate:up
create table call (
    call_id    text primary key,
    tenant     text not null,
    lead_id    text not null,
    person_id  text,
    state      jsonb not null,
    created_at timestamptz not null default clock_timestamp(),
    recorded_at timestamptz not null default clock_timestamp(),
    ended_at   timestamptz
);
comment on table call is 'one attempt at a call; state is a Call of the domain, and holds no personal data';
create index call_lead on call (lead_id, created_at);
create index call_running on call (tenant, person_id) where ended_at is null;

create function call_off(p_tenant text, p_person text, p_because text) returns void
language sql as $$
    update call set state = state || jsonb_build_object('off', p_because, 'version', (state ->> 'version')::integer + 1),
                    recorded_at = clock_timestamp()
    where tenant = p_tenant and person_id = p_person and ended_at is null
      and state ->> 'off' is null and not (state ->> 'met')::boolean
$$;
comment on function call_off is 'nobody of ours is connected to this person by a call under way, unless they have met';

create function on_call(p_tenant text) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(distinct leg ->> 'rep' order by leg ->> 'rep'), '[]')
    from call c, jsonb_array_elements(c.state -> 'legs') leg
    where c.tenant = p_tenant and c.ended_at is null and c.created_at > clock_timestamp() - interval '5 hours'  -- lease: no call lasts so long
      and leg ->> 'party' = 'rep' and leg ->> 'state' <> 'ended'
$$;
comment on function on_call is 'reps whose phones are in a call of ours now';

create or replace function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable return
    lead_facts_of(p_tenant, p_lead, p_now, p_without) || switches_of(p_tenant) || jsonb_build_object('on_call', on_call(p_tenant));
comment on function facts_of is 'all of one lead that a judgement or a touch reads: lead_facts_of, switches_of and on_call; null when there is no such lead';

-- migrate:down
create or replace function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable return
    lead_facts_of(p_tenant, p_lead, p_now, p_without) || switches_of(p_tenant);
drop function on_call, call_off;
drop table call;
