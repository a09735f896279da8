-- name: settle: a person's word on a touch that is unknown, once; the touch as it stands, and what its open lead is told. Null without such a touch
with found as materialized (
    select * from touch where tenant = $1 and touch_id = $2 for update
), moved as (
    update touch t set state = $3, settled_by = $4, settled_key = $5, settled_at = clock_timestamp()
    from found f where t.touch_id = f.touch_id and f.state = 'unknown'
    returning t.state, t.settled_by
), open as (
    select uuidv7()::text as row_id, l.tenant, l.lead_id, l.person_id, clock_timestamp() + l.clock_offset + l.clock_ahead as at
    from found f join moved m on true join lead l on l.lead_id = f.lead_id and l.tenant = f.tenant
    where l.closed_at is null
), ref as (
    select o.*, jsonb_build_object(
        'row_id', row_id, 'kind', 'settled', 'at', at, 'source', $3::text,
        'again', case when $6 then jsonb_build_object('template', f.template, 'purpose', f.purpose) end) as ref
    from open o, found f
), told as (
    insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id)
    select row_id, tenant, 'delivery', $2 || ':settled', at, jsonb_build_object('touch_id', $2::text), 'captured', ref, lead_id, person_id
    from ref
    on conflict do nothing
    returning ref
)
select jsonb_build_object(
    'touch_id', f.touch_id, 'lead_id', f.lead_id, 'state', coalesce(m.state, f.state), 'by', coalesce(m.settled_by, f.settled_by),
    'key', case when m.state is not null then $5 else f.settled_key end, 'ref', coalesce(
        (select ref from told),
        (select ref from inbox where tenant = $1 and channel = 'delivery' and source_event_id = $2 || ':settled')))
from found f left join moved m on true

-- name: known: what has to be known of a touch before somebody settles it
select jsonb_build_object('is_text', channel = 'sms' and template is not null, 'is_open', coalesce((
    select l.closed_at is null from lead l where l.lead_id = t.lead_id and l.tenant = t.tenant), false))
from touch t where tenant = $1 and touch_id = $2

-- name: asking: messages in the chat that ask what became of a touch
select coalesce(jsonb_agg(jsonb_build_object('touch_id', m.touch_id, 'vendor_id', m.vendor_id, 'message', m.body::jsonb)), '[]')
from touch t join touch m on m.lead_id = t.lead_id and m.tenant = t.tenant
where t.tenant = $1 and t.touch_id = $2 and m.channel = 'chat' and m.vendor_id is not null
  and position(':' || $2 || '"' in m.body) > 0

-- name: unknown: how many touches nobody knows the outcome of
select count(*) from touch where tenant = $1 and state = 'unknown'
