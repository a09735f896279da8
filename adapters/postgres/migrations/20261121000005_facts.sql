-- Runs before new code: it only adds.
-- What a judgement may know, gathered by the database in one call. Each takes the moment; none reads a clock.

-- migrate:up
create function same_human(p_tenant text, p_person text, p_values text[]) returns setof text
language sql stable as $$
    with recursive them as (
        select person_id from (
            select p_person
            union select i.person_id from identity i
            where i.tenant = p_tenant and i.kind in ('phone', 'email') and i.value = any (p_values)) x (person_id)
        where person_id is not null
        union
        select o.person_id from them t
        join identity i on i.person_id = t.person_id
        join identity o on o.tenant = i.tenant and o.kind = i.kind and o.value = i.value
    )
    select person_id from them
$$;
comment on function same_human is 'the person, whoever else gave one of the values, and all who are linked to them by a number or address';

create function is_opted_out(p_tenant text, p_person text, p_values text[]) returns boolean
language sql stable as $$
    with them as materialized (select same_human(p_tenant, p_person, p_values) as person_id)
    select exists (select from opt_out join them using (person_id) where tenant = p_tenant and restored_at is null)
        or exists (select from opt_out
                   where tenant = p_tenant and restored_at is null and value in (
                       select unnest(p_values)
                       union all select i.value from identity i join them using (person_id)))
$$;
comment on function is_opted_out is 'by person, by whoever is the same human, by any identity of theirs, and by the values given';

create function history_of(
    p_tenant text, p_person text, p_lead text, p_values text[], p_now timestamptz, p_without text
) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'opted_out', is_opted_out(p_tenant, p_person, p_values),
        'active_deal', coalesce(p.active_deal, false),
        'active_sequence', coalesce(p.active_sequence, false),
        'last_contact_at', case when p.last_contact_at is not null then least(p.last_contact_at, p_now) end, -- least() skips nulls
        'last_owner', p.last_owner,
        'crm_owner', p.crm_owner,
        'handoffs', coalesce((select l.cycle - 1 from lead l where l.lead_id = p_lead), 0),
        'touches', coalesce((
            select jsonb_agg(jsonb_build_object('channel', t.channel, 'purpose', t.purpose, 'at', least(t.lead_now, p_now),
                                                'template', t.template)
                             order by t.lead_now)
            from touch t
            where t.person_id in (select same_human(p_tenant, p_person, p_values)) and t.tenant = p_tenant and t.purpose <> 'internal'
              and t.lead_now > p_now - interval '31 days' and t.key is distinct from p_without
              and (t.state in ('sending', 'unknown', 'sent', 'delivered') or t.state = 'failed' and t.vendor_id is not null)
        ), '[]'))
    from (values (1)) one left join person p on p.person_id = p_person and p.tenant = p_tenant
$$;
comment on function history_of is 'the person''s history across leads (History): touches that were or may have been sent to the same human, save the one with key p_without';

create function signals_of(p_person text, p_now timestamptz) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'page', page, 'at', at) order by at, row_id, number), '[]')
    from (select kind, page, least(at, p_now) as at, row_id, number from behaviour where person_id = p_person
          order by behaviour.at desc, row_id desc, number desc limit 64) s
$$;
comment on function signals_of is 'the newest 64 pieces of behaviour, oldest first';

create function loads_of(p_tenant text) returns jsonb
language sql stable as $$
    with recursive offered as (
        (select rep, number from assignment where tenant = p_tenant order by rep desc, number desc limit 1)
        union all
        select n.rep, n.number from offered o, lateral (
            select rep, number from assignment where tenant = p_tenant and rep < o.rep
            order by rep desc, number desc limit 1) n
    ), owned as (
        select owner as rep, count(*) as leads from lead
        where tenant = p_tenant and closed_at is null and owner is not null and stage <> 'resting' group by owner
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'rep', rep, 'last_offered', coalesce(number, 0), 'open_leads', coalesce(leads, 0)) order by rep), '[]')
    from offered full join owned using (rep)
$$;
comment on function loads_of is 'the rotation: each rep''s newest offer (one index probe a rep) and open leads; a resting lead is no load';

create function consent_of(p_person text) returns jsonb
language sql stable as $$
    select given from consent where person_id = p_person order by consent_id desc limit 1
$$;
comment on function consent_of is 'the newest consent the person gave';

create function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'lead_id', l.lead_id, 'source', l.source, 'received_at', coalesce((select i.at from inbox i where i.row_id = l.row_id), l.opened_at), 'cycle', l.cycle, 'test', l.test,
        'person_id', l.person_id, 'person', p.facts, 'name', p.name,
        'kill_switch', coalesce((select value = 'true' from setting where key = 'kill_switch'), false),
        'consent', consent_of(l.person_id),
        'signals', signals_of(l.person_id, p_now),
        'reps', loads_of(p_tenant),
        'history', history_of(p_tenant, l.person_id, l.lead_id,
                              array[p.facts ->> 'phone', p.facts ->> 'email'], p_now, p_without),
        'inquiries', coalesce((
            select jsonb_agg(jsonb_build_object('attribution', coalesce(i.payload -> 'attribution', '{}'),
                                                'answers', coalesce(i.payload -> 'answers', '{}')) order by i.received_at)
            from inbox i where i.lead_id = l.lead_id and i.channel like 'inquiry/%'), '[]'),
        'crm_id', coalesce(p.crm_id, (
            select split_part(t.vendor_id, '/', 1) from touch t
            where t.person_id = l.person_id and t.channel = 'crm' and t.vendor_id like '%/%' limit 1)),
        'last_words', p.last_words,
        'last_reply_at', case when p.last_reply_lead = l.lead_id then p.last_reply_at end)
    from lead l join person p using (person_id)
    where l.lead_id = p_lead and l.tenant = p_tenant
$$;
comment on function facts_of is 'all of one lead that a judgement or a touch reads; null when there is no such lead';

-- migrate:down
drop function facts_of, consent_of, loads_of, signals_of, history_of, is_opted_out, same_human;
