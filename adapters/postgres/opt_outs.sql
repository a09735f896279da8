-- name: open: the person and their open lead (both held), its clock, new ids, and what this key carried before
with person_held as materialized (
    select person_id from person where tenant = $1 and person_id = $2 for no key update
), lead_held as materialized (
    select * from lead where tenant = $1 and person_id = (select person_id from person_held) and closed_at is null for share
)
select jsonb_build_object(
    'is_known', exists (select from person_held),
    'lead', (select start from lead_held),
    'now', r.received_at + coalesce(
        (select clock_offset + clock_ahead from lead_held),
        make_interval(secs => coalesce((select value::text::float8 from setting where key = 'clock_offset'), 0))),
    'row_id', uuidv7()::text,
    'row', (select jsonb_build_object('row_id', row_id, 'person_id', person_id, 'message', payload, 'lead_id', lead_id)
            from inbox where tenant = $1 and channel = 'opt_out' and source_event_id = $3)
)
from (select clock_timestamp() as received_at) r

-- name: keep: the message as an inbox row, by which the open lead hears of it
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id)
values ($1, $2, 'opt_out', $3, $4, $5, $6, $7, $8, $9)

-- name: hold: everybody who is the same human; a send that begins holds this same row
select person_id from person
where person_id in (select same_human($1, $2, '{}')) order by person_id for no key update

-- name: refuse: no to one channel, by the person and every number and address of theirs
insert into refusal (tenant, person_id, value, channel, reason, row_id, at)
select $1, $2, v.value, $3, $4, $5, $6
from (values (1)) one left join (
    select distinct value from identity where tenant = $1 and person_id = any ($7::text[])) v on true

-- name: cancel: touches by that channel which are not yet on their way
update touch set state = 'cancelled', because = 'refused', settled_at = clock_timestamp()
where tenant = $1 and person_id = any ($3::text[]) and channel = $2 and purpose <> 'internal' and state in ('planned', 'claimed')
