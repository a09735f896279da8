-- name: begin: a new call's row; nothing comes back for one that is there
insert into call (call_id, tenant, lead_id, person_id, state)
values ($1, $2, $3, coalesce($5, (select person_id from lead where lead_id = $3 and tenant = $2)), $4)
on conflict do nothing
returning state

-- name: read: a call as it stands
select state from call where call_id = $1

-- name: hold: a call, which nobody else changes until this transaction ends
select state from call where call_id = $1 for no key update

-- name: keep: a call, changed
update call set state = $2, recorded_at = clock_timestamp() where call_id = $1

-- name: end: closed, once; no phone is rung for it any more
update call set ended_at = clock_timestamp(),
                state = state || jsonb_build_object('over', true, 'version', (state ->> 'version')::integer + 1)
where call_id = $1 and ended_at is null returning state

-- name: count: a call that is over, answered and perhaps abandoned, among those of its lead's source and this day
insert into call_day as d (tenant, source, day, answered, abandoned)
select c.tenant, l.source, c.ended_at::date, $2, $3 from call c join lead l on l.lead_id = c.lead_id where c.call_id = $1
on conflict (tenant, source, day) do update
set answered = d.answered + excluded.answered, abandoned = d.abandoned + excluded.abandoned

-- name: abandonment: answered and abandoned calls of thirty days, by source
select source, abandonment_of($1, source) from (select distinct source from call_day where tenant = $1) s order by source

-- name: tell: an inbox row by which the open lead of a call that is over hears of its recording, once
with new as materialized (
    select uuidv7()::text as row_id, l.tenant, l.lead_id, l.person_id, clock_timestamp() + l.clock_offset + l.clock_ahead as at
    from call c join lead l on l.lead_id = c.lead_id and l.tenant = c.tenant
    where c.call_id = $1 and c.ended_at is not null and l.closed_at is null
), ref as (
    select *, jsonb_build_object('row_id', row_id, 'kind', 'recording', 'at', at, 'source', $1::text) as ref from new
)
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id)
select row_id, tenant, 'call', $1 || ':recording', at, jsonb_build_object('call_id', $1::text), 'captured', ref, lead_id, person_id
from ref
on conflict do nothing
returning ref

-- name: outdated: calls with a recording that has to go, oldest first: too old, or people were not told of it who had to be
select state from call
where tenant = $1 and state ->> 'recording' is not null and not coalesce((state ->> 'deleted')::boolean, false)
  and ended_at is not null
  and (created_at < clock_timestamp() - $2::interval  -- a lease: how long a recording is kept
       or coalesce(state ->> 'direction', 'outbound') = 'outbound' and coalesce((state -> 'plan' ->> 'announce')::boolean, true) and not coalesce((state ->> 'announced')::boolean, false))
order by created_at
limit $3

-- name: listed: calls of a tenant, newest first: of one lead (or null), only those under way or all
select state, ended_at from call
where tenant = $1 and ($2::text is null or lead_id = $2)
  and (not $3 or ended_at is null and created_at > clock_timestamp() - interval '5 hours')  -- lease: no call lasts so long
order by created_at desc
limit $4

-- name: keep_note: words that go with something done to a call, of a call there is
insert into call_note (call_id, note_id, words) select $1, $2, $3 where exists (select from call where call_id = $1)
on conflict do nothing

-- name: note: those words
select words from call_note where call_id = $1 and note_id = $2

-- name: view: a call of a tenant, and when it was over
select state, ended_at from call where tenant = $1 and call_id = $2

-- name: called_off: running calls that are off, of the human a message of the inbox came from
select c.state from inbox i join call c on c.tenant = i.tenant
where i.row_id = $1 and c.ended_at is null and c.state ->> 'off' is not null
  and c.person_id in (select same_human(i.tenant, i.person_id, array[i.payload -> 'text' ->> 'sender']))
