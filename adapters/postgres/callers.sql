-- name: meet: who calls from a number, as whom to ring is judged by: the person, their open lead or else their newest, who is free
with clock as materialized (
    select o.received_at + make_interval(secs => o.seconds) as now
    from (select clock_timestamp() as received_at,
                 coalesce((select value::text::float8 from setting where key = 'clock_offset'), 0) as seconds) o
), known as materialized (
    select p.person_id, p.facts
    from identity i join person p using (person_id)
    where i.tenant = $1 and i.kind = 'phone' and i.value = $2
    order by i.is_first desc
    limit 1
), newest as materialized (
    select l.lead_id, l.closed_at is null as is_open, case when l.closed_at is null then l.owner end as owner
    from lead l
    where l.tenant = $1 and l.person_id = (select person_id from known)
    order by l.closed_at is null desc, l.opened_at desc
    limit 1
)
select jsonb_build_object(
    'now', clock.now,
    'person_id', known.person_id,
    'lead_id', coalesce(newest.lead_id, ''),
    'is_open', coalesce(newest.is_open, false),
    'owner', newest.owner,
    'facts', jsonb_build_object(
        'tenant', $1::text, 'lead_id', coalesce(newest.lead_id, ''), 'source', 'inbound_call', 'received_at', clock.now,
        'person', coalesce(known.facts, '{}'),
        'history', history_of($1, known.person_id, null, array[$2], clock.now, null),
        'reps', loads_of($1, clock.now),
        'on_call', on_call($1)))
from clock left join known on true left join newest on true

-- name: arrived: the call as the vendor announced it
select payload #>> '{}' from inbox where tenant = $1 and channel = 'call' and source_event_id = $2

-- name: done: all of a call was worked through
update inbox set state = 'dispatched', dispatched_at = clock_timestamp() where tenant = $1 and channel = 'call' and source_event_id = $2 and state = 'received'

-- name: note: something of a call, kept for its lead and told to it while it is open; nothing comes back for what was kept before
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id)
select n.row_id, l.tenant, $3, $4, n.at, $5, case when l.closed_at is null then 'captured' else 'kept' end,
       $6::jsonb || jsonb_build_object('row_id', n.row_id, 'at', n.at), l.lead_id, l.person_id
from lead l,
     lateral (select uuidv7()::text as row_id, clock_timestamp() + l.clock_offset + l.clock_ahead as at) n
where l.tenant = $1 and l.lead_id = $2
on conflict do nothing
returning jsonb_build_object('row_id', row_id, 'status', case when state = 'captured' then 'joined' else 'kept' end,
                             'lead_id', lead_id, 'ref', case when state = 'captured' then ref end,
                             'lead', (select l.start from lead l where l.lead_id = inbox.lead_id))  -- its workflow may not have begun

-- name: quiet: they speak with one of ours: texts not yet on their way are cancelled
update touch set state = 'cancelled', because = 'answered', settled_at = clock_timestamp()
where tenant = $1 and person_id = $2 and channel = 'sms' and purpose <> 'internal' and state in ('planned', 'claimed')
