-- Runs before new code: it only adds, and facts_of answers more.
-- Calls that people answered and that connected them with nobody, a day and a source at a time (N24).

-- migrate:up
create table call_day (
    tenant    text not null,
    source    text not null,
    day       date not null,
    answered  integer not null,
    abandoned integer not null,
    primary key (tenant, source, day)
);
comment on table call_day is 'calls answered by people, and those abandoned, by the day on which they ended and the source of their lead';

create function abandonment_of(p_tenant text, p_source text) returns jsonb
language sql stable as $$
    select jsonb_build_object('answered', coalesce(sum(answered), 0), 'abandoned', coalesce(sum(abandoned), 0))
    from call_day
    where tenant = p_tenant and source = p_source and day > (clock_timestamp() - interval '30 days')::date  -- ended_at's clock
$$;
comment on function abandonment_of is 'answered and abandoned calls of thirty days, of the leads of one source';

create or replace function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable return
    lead_facts_of(p_tenant, p_lead, p_now, p_without) || switches_of(p_tenant) || jsonb_build_object(
        'on_call', on_call(p_tenant),
        'abandonment', abandonment_of(p_tenant, (select source from lead where lead_id = p_lead)));
comment on function facts_of is 'all of one lead that a judgement or a touch reads: lead_facts_of, switches_of, on_call, abandonment_of; null without such a lead';

-- migrate:down
create or replace function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable return
    lead_facts_of(p_tenant, p_lead, p_now, p_without) || switches_of(p_tenant) || jsonb_build_object('on_call', on_call(p_tenant));
drop function abandonment_of;
drop table call_day;
