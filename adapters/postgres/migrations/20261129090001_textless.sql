-- Runs before new code: it only adds, and history_of answers more.
-- Numbers to which no text gets, by the vendor's own word: none is tried there again (decision 0026).

-- migrate:up
create table textless (
    tenant      text not null,
    number      text not null,
    code        text not null,
    touch_id    text not null,
    lead_now    timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (tenant, number)
);
comment on table textless is 'code: the vendor''s; touch_id: the newest text that failed for it; lead_now: when, in its lead''s clock';

create function textless_of(p_tenant text, p_person text, p_values text[]) returns jsonb
language sql stable return jsonb_build_object('takes_no_texts', (
    select n.code from textless n
    where n.tenant = p_tenant and n.number = coalesce(p_values[1], (
              select facts ->> 'phone' from person where person_id = p_person and tenant = p_tenant))
      and not exists (select from person p where p.person_id = p_person and p.last_reply_at > n.lead_now)));
comment on function textless_of is 'the vendor''s code by which texts don''t get to the number, unless the person wrote since (a part of History)';

create or replace function history_of(
    p_tenant text, p_person text, p_lead text, p_values text[], p_now timestamptz, p_without text
) returns jsonb
language sql stable return
    past_of(p_tenant, p_person, p_lead, p_values, p_now, p_without) || standing_of(p_tenant, p_person, p_values, p_now)
    || owned_of(p_tenant, p_person, p_now) || textless_of(p_tenant, p_person, p_values);
comment on function history_of is 'the person''s history across leads (History): past_of, standing_of, owned_of and textless_of';

-- migrate:down
create or replace function history_of(
    p_tenant text, p_person text, p_lead text, p_values text[], p_now timestamptz, p_without text
) returns jsonb
language sql stable return
    past_of(p_tenant, p_person, p_lead, p_values, p_now, p_without) || standing_of(p_tenant, p_person, p_values, p_now)
    || owned_of(p_tenant, p_person, p_now);
drop function textless_of;
drop table textless;
