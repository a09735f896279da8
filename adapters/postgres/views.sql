-- name: list: leads of a tenant, newest first, after a cursor
select jsonb_build_object(
    'leads', coalesce(jsonb_agg(to_jsonb(l) - '{start,state}'::text[] order by l.opened_at desc, l.lead_id desc), '[]'))
from (
    select * from lead
    where tenant = $1
      and ($2::text is null or stage = $2)
      and ($3::text is null or owner = $3)
      and ($4::text is null or source = $4)
      and ($5::boolean is null or $5 = (closed_at is null))
      and ($6::text is null or (opened_at, lead_id) < (select opened_at, lead_id from lead where lead_id = $6))
    order by opened_at desc, lead_id desc
    limit $7
) l

-- name: detail: a lead with its person and story
select jsonb_build_object(
    'lead', to_jsonb(l) - '{start,state}'::text[],
    'person', jsonb_build_object(
        'person_id', p.person_id, 'name', p.name, 'phone', p.facts ->> 'phone', 'email', p.facts ->> 'email',
        'company', p.facts ->> 'company',
        'opted_out', is_opted_out($1, p.person_id, array[p.facts ->> 'phone', p.facts ->> 'email'])),
    'story', coalesce((select jsonb_agg(jsonb_build_object('seq', seq, 'cycle', cycle, 'at', at, 'kind', kind, 'data', data) order by seq)
                       from lead_event where lead_id = l.lead_id), '[]'),
    'state', l.state,
    'unsettled', coalesce((select jsonb_agg(to_jsonb(t) || jsonb_build_object('at', t.lead_now) order by t.created_at)
                           from touch t where t.tenant = $1 and t.lead_id = l.lead_id and t.state = 'unknown'), '[]'),
    'clock_offset', extract(epoch from l.clock_offset),
    'clock_ahead', extract(epoch from l.clock_ahead))
from lead l join person p using (person_id)
where l.tenant = $1 and l.lead_id = $2

-- name: trace: a lead's decisions, oldest first
select coalesce(jsonb_agg(jsonb_build_object('decision', decision, 'trace', trace, 'facts', facts, 'asked', asked,
                                             'engine', engine, 'recorded_at', recorded_at)
                          order by recorded_at), '[]')
from decision where tenant = $1 and lead_id = $2

-- name: touches: a lead's touches, those that nobody knows the outcome of before all others, else oldest first
select coalesce(jsonb_agg(to_jsonb(t) || jsonb_build_object('at', lead_now) order by state = 'unknown' desc, created_at), '[]')
from touch t where tenant = $1 and lead_id = $2

-- name: exists: whether there is such a lead
select exists (select from lead where tenant = $1 and lead_id = $2)

-- name: stats: a tenant in numbers
with l as (
    select count(*) as leads, count(*) filter (where closed_at is null) as open,
           count(*) filter (where not exists (select from decision d where d.lead_id = lead.lead_id)) as never_decided
    from lead where tenant = $1
), i as (
    select count(*) filter (where state in ('received', 'undecided')) as undecided,
           count(*) filter (where state = 'captured') as undispatched
    from inbox where tenant = $1
), states as (
    select state, count(*) as touches from touch where tenant = $1 and purpose <> 'internal' group by state
), sent_twice as (
    select count(*) - 1 as extra from touch
    where tenant = $1 and purpose <> 'internal' and (state in ('sent', 'delivered') or state = 'failed' and vendor_id is not null)
    group by lead_id, recipient, body having count(*) > 1
), first_touch as (
    select distinct on (t.lead_id) t.lead_id, extract(epoch from t.sending_since - i.received_at) as waited,
           exists (select from jsonb_array_elements(lead.start -> 'captured' -> 'agenda') a
                   where a ->> 'action' = 'text' and (a ->> 'at')::timestamptz <= lead.opened_at) as at_once
    from touch t join lead on lead.lead_id = t.lead_id join inbox i on i.row_id = lead.row_id
    where t.tenant = $1 and t.channel = 'sms' and t.purpose <> 'internal' and t.sending_since is not null
    order by t.lead_id, t.sending_since
)
select jsonb_build_object(
    'leads', l.leads, 'open', l.open, 'closed', l.leads - l.open, 'undecided', i.undecided, 'undispatched', i.undispatched,
    'lost', l.never_decided + i.undecided + i.undispatched,
    'touches', coalesce((select jsonb_object_agg(state, touches) from states), '{}'),
    'duplicate_touches', coalesce((select sum(extra) from sent_twice), 0),
    'first_touches', coalesce((select jsonb_agg(to_jsonb(f)) from first_touch f), '[]'))
from l, i

-- name: set_clock_ahead: how far fast-forward has taken a lead's clock in all
update lead set clock_ahead = $3 where tenant = $1 and lead_id = $2 returning true

-- name: clock_offset: seconds that the embedded stack's clock is ahead of the server's
select coalesce((select value::text::float8 from setting where key = 'clock_offset'), 0)

-- name: set: a setting
insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value
