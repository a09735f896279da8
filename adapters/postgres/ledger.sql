-- name: dossier: all that a touch needs to know, where its last attempt left it included
select jsonb_build_object(
    'story', facts_of($1, $2, $3, $4),
    'decision', d.decision,
    'reasons', coalesce((select jsonb_agg(r ->> 'because') from jsonb_array_elements(d.trace -> 'reasons') r), '[]'),
    'chat_thread', (select vendor_id from touch
                    where lead_id = $2 and tenant = $1 and channel = 'chat' and vendor_id is not null
                    order by created_at limit 1),
    'prior', (select claim_of(t, false) from touch t where t.tenant = $1 and t.key = $4)
)
from (values (1)) one left join lateral (
    select decision, trace from decision
    where lead_id = $2 and tenant = $1 and kind = 'triage' order by recorded_at desc limit 1
) d on true

-- name: claim: a new touch becomes ours; one that never left is taken over, in the words of now; nothing comes back for any other
insert into touch as t (touch_id, key, tenant, lead_id, person_id, channel, purpose, recipient, sender, service, template, body, lead_now, heard,
                        state, claimed_by, claimed_at)
select touch_id, key, tenant, lead_id, person_id, channel, purpose, recipient, sender, service, template, body, lead_now, heard,
       'claimed', $2, clock_timestamp()  -- claimed_at
from jsonb_populate_record(null::touch, $1::jsonb)
on conflict (tenant, key) do update set
    state = 'claimed', claimed_by = excluded.claimed_by, claimed_at = excluded.claimed_at, purpose = excluded.purpose,
    recipient = excluded.recipient, sender = excluded.sender, service = excluded.service, template = excluded.template, body = excluded.body,
    lead_now = excluded.lead_now, heard = excluded.heard
where t.state in ('planned', 'claimed') and is_older_attempt(excluded.claimed_by, t.claimed_by) is not true
returning claim_of(t, true)

-- name: begin: claimed -> sending; null, or the reason why not. The person's row is held first: what was switched or refused while this waited for it counts
with held as materialized (
    select from person where person_id = (select person_id from touch where touch_id = $1) for no key update
)
select coalesce(stop_touch($1, $2), quiet_touch($1, $2), refuse_touch($1, $2), part_touches($1, $2, $4), begin_touch($1, $2, $3)) from (select count(*) from held) waited

-- name: release: sending -> claimed: the vendor proved that nothing was sent
update touch set state = 'claimed', sending_since = null, deadline = null, listings = 0, error = coalesce($3, error)
where touch_id = $1 and claimed_by = $2 and state in ('sending', 'unknown') and vendor_id is null

-- name: settle: upwards only; nothing is unknown of a touch that nobody began to send
update touch set state = $2, vendor_id = coalesce(vendor_id, $3), error = coalesce($4, error), settled_at = clock_timestamp()
where touch_id = $1 and touch_rank($2) > touch_rank(state) and ($2 <> 'unknown' or state = 'sending')

-- name: takes_no_texts: what the vendor says of a touch's number: no text gets there; by whose touch and when in its lead's clock
insert into textless as n (tenant, number, code, touch_id, lead_now)
select tenant, recipient, $2, touch_id, lead_now from touch where touch_id = $1 and channel = 'sms'
on conflict (tenant, number) do update set
    code = excluded.code, touch_id = excluded.touch_id, lead_now = greatest(n.lead_now, excluded.lead_now)

-- name: current: a touch as it stands
select claim_of(t, false) from touch t where touch_id = $1

-- name: words: what the person sent in a text that the inbox keeps, one of an older make saying nothing of media; of a message on the voicemail all that is kept
select case when channel = 'sms' then payload -> 'text' else jsonb_build_object('body', payload::text) end
from inbox where tenant = $1 and row_id = $2 and channel in ('sms', 'call_voicemail', 'call_transcribed')

-- name: missed: a listing without a match, which counts from 30 s after the request's deadline on; how many have counted
update touch set listings = listings + (
    -- Real time: a lease on the vendor's answer, not a judgement.
    case when state in ('sending', 'unknown')
              and clock_timestamp() >= sending_since + deadline + interval '30 seconds'  -- lease
         then 1 else 0 end)
where touch_id = $1
returning listings

-- name: reopen: proven absent: sending or unknown -> claimed
update touch set state = 'claimed', claimed_by = $2, claimed_at = clock_timestamp(), sending_since = null, deadline = null, listings = 0
where touch_id = $1 and state in ('sending', 'unknown') and listings >= 2
returning true

-- name: untaken: the first of these ids at the vendor that no other touch has
select v.id from unnest($2::text[]) with ordinality as v(id, place)
where not exists (select from touch o where o.vendor_id = v.id and o.touch_id <> $1)
order by v.place limit 1

-- name: refuse: what was not sent, and why
insert into touch as t (touch_id, key, tenant, lead_id, person_id, channel, purpose, recipient, sender, service, template, body, lead_now,
                        state, because, settled_at)
select touch_id, key, tenant, lead_id, person_id, channel, purpose, recipient, sender, service, template, body, lead_now,
       'cancelled', $2, clock_timestamp()  -- settled_at
from jsonb_populate_record(null::touch, $1::jsonb)
on conflict (tenant, key) do update set state = 'cancelled', because = excluded.because, settled_at = excluded.settled_at
where t.state in ('planned', 'claimed')

-- name: deliver: a callback noted once, and the touch it belongs to moved upwards; the touch's state before and after
with found as materialized (
    -- The vendor's word for what we took back ourselves is no failure.
    select *, case when recall is not null and $5 = 'canceled' then 'cancelled' else $4 end as now
    from touch where tenant = $1 and (touch_id = $2 or vendor_id = $3)
    order by touch_id = $2 desc nulls last limit 1
), noted as (
    insert into delivery (tenant, vendor_id, status, vendor_status, touch_id, error)
    values ($1, $3, $4, $5, (select touch_id from found), $6)
    on conflict do nothing
), moved as (
    update touch t set state = f.now, vendor_id = coalesce(t.vendor_id, $3), vendor_status = $5, error = coalesce($6, t.error),
                       because = case f.now when 'cancelled' then t.recall else t.because end,
                       settled_at = clock_timestamp(), sender = coalesce(nullif(t.sender, ''), $7, '')
    from found f
    where t.touch_id = f.touch_id and touch_rank(f.now) > touch_rank(t.state) and (t.vendor_id is null or t.vendor_id = $3)
    returning t.state
), named as (
    -- One that doesn't move may be the first to say which number a service chose. No row is changed by both.
    update touch t set sender = $7
    from found f
    where t.touch_id = f.touch_id and t.sender = '' and $7 is not null and t.vendor_id = $3
      and touch_rank(f.now) <= touch_rank(t.state)
)
select jsonb_build_object('touch_id', f.touch_id, 'state', coalesce(m.state, f.state), 'moved', coalesce(m.state = $4, false),
                          'tenant', f.tenant, 'person_id', f.person_id, 'recipient', f.recipient, 'internal', f.purpose = 'internal',
                          'at', f.lead_now)
from found f left join moved m on true

-- name: hold_person: what is about to change for a touch's person waits for sends that are beginning, and they for it
select person_id from person where person_id = (
    select person_id from touch where tenant = $1 and (touch_id = $2 or vendor_id = $3)
    order by touch_id = $2 desc nulls last limit 1
) for no key update

-- name: of_touch: whom a touch was for
select jsonb_build_object('touch_id', touch_id, 'state', state, 'moved', true, 'tenant', tenant, 'person_id', person_id,
                          'recipient', recipient, 'internal', purpose = 'internal', 'at', lead_now)
from touch where touch_id = $1

-- name: tell: an inbox row by which a touch's open lead hears what became of it, once a kind
with new as materialized (
    select uuidv7()::text as row_id, l.tenant, l.lead_id, l.person_id,
           clock_timestamp() + l.clock_offset + l.clock_ahead as at
    from touch t join lead l on l.lead_id = t.lead_id and l.tenant = t.tenant
    where t.touch_id = $1 and l.closed_at is null
), ref as (
    select *, jsonb_build_object('row_id', row_id, 'kind', $2::text, 'at', at) as ref from new
)
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id)
select row_id, tenant, 'delivery', $1 || ':' || $2, at, jsonb_build_object('touch_id', $1), 'captured', ref, lead_id, person_id
from ref
on conflict do nothing
returning jsonb_build_object('ref', ref, 'lead_id', lead_id)
