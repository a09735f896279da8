-- name: open: everything a capture needs to know, in one read: this event's row, the person (locked), their open lead (kept open), new ids
with person_found as materialized (
    select person_id from identity
    where tenant = $1 and (kind = 'phone' and value = $4 or kind = 'email' and value = $5)
    order by kind desc, is_first desc  -- the phone first
    limit 1
), person_locked as materialized (
    select * from person where person_id = (select person_id from person_found) for no key update
), lead_held as materialized (
    select * from lead
    where tenant = $1 and person_id = (select person_id from person_locked) and closed_at is null
    for share
), clock as materialized (
    select o.seconds,
           o.received_at + make_interval(secs => o.seconds) as opening,
           o.received_at + coalesce((select clock_offset + clock_ahead from lead_held),
                                    make_interval(secs => o.seconds)) as now
    from (select clock_timestamp() as received_at,  -- once, so that both agree where no lead is open
                 coalesce((select value::text::float8 from setting where key = 'clock_offset'), 0) as seconds) o
)
select jsonb_build_object(
    'now', clock.now,
    'opening', clock.opening,
    'clock_offset', clock.seconds,
    'policy_hash', (select policy_hash from active_policy where tenant = $1),
    'kill_switch', is_switched_on($1, 'kill_switch'), 'sandbox', is_switched_on($1, 'sandbox'),
    'row', (select jsonb_build_object('row_id', row_id, 'state', state, 'lead_id', lead_id, 'at', at,
                                      'is_anothers', person_id is not null and coalesce($4, $5) is not null
                                          and not exists (select from identity i where i.person_id = inbox.person_id
                                                          and (i.kind = 'phone' and i.value = $4 or i.kind = 'email' and i.value = $5)),
                                      'first_motion', (select l.start -> 'captured' ->> 'motion' from lead l
                                                       where l.lead_id = inbox.lead_id and l.row_id = inbox.row_id))
            from inbox where tenant = $1 and channel = $2 and source_event_id = $3),
    'person', (select jsonb_build_object(
                   'person_id', person_id, 'name', name, 'facts', facts, 'active_deal', active_deal,
                   'active_sequence', active_sequence, 'crm_owner', crm_owner, 'crm_id', crm_id,
                   'last_transaction_at', last_transaction_at) from person_locked),
    'lead', (select start from lead_held),
    'consent', consent_of(p.person_id),
    'signals', signals_of(p.person_id, clock.now),
    'reps', loads_of($1, clock.now),
    'history', history_of($1, p.person_id, null, array[$4, $5], clock.now, null),
    'company', company_of($1, coalesce($6, p.facts ->> 'company_domain'), clock.now),
    'colleagues', colleagues_of($1, coalesce($6, p.facts ->> 'company_domain'), p.person_id, coalesce($4, p.facts ->> 'phone'), clock.now),
    'row_id', uuidv7()::text, 'lead_id', uuidv7()::text, 'person_id', uuidv7()::text
)
from clock left join person_locked p on true

-- name: write: one entry: person, identities, consent, behaviour, and where one is opened the lead and its decision, which is heeded (heed_decision); answers the inbox row's id
with entry as (
    select $1::jsonb as e
), person_written as (
    insert into person (person_id, tenant, name, facts, active_deal, active_sequence, crm_owner, crm_id, last_transaction_at)
    select r.person_id, e ->> 'tenant', r.name, r.facts, r.active_deal, r.active_sequence, r.crm_owner, r.crm_id,
           r.last_transaction_at
    from entry, jsonb_to_record(e -> 'person') as r(person_id text, name text, facts jsonb, active_deal boolean,
                                                    active_sequence boolean, crm_owner text, crm_id text,
                                                    last_transaction_at timestamptz)
    on conflict (person_id) do update set
        name = excluded.name, facts = excluded.facts, active_deal = excluded.active_deal,
        active_sequence = excluded.active_sequence, crm_owner = excluded.crm_owner, crm_id = excluded.crm_id,
        last_transaction_at = greatest(person.last_transaction_at, excluded.last_transaction_at)
), identities_written as (
    insert into identity (tenant, kind, value, person_id, is_first)
    select e ->> 'tenant', r.kind, r.value, e -> 'person' ->> 'person_id',
           not exists (select from identity i where i.tenant = e ->> 'tenant' and i.kind = r.kind and i.value = r.value)
    from entry, jsonb_to_recordset(e -> 'identities') as r(kind text, value text)
    on conflict (tenant, kind, value, person_id) do nothing
), consent_written as (
    insert into consent (tenant, person_id, row_id, given, at)
    select e ->> 'tenant', e -> 'person' ->> 'person_id', e -> 'row' ->> 'row_id', c, (e -> 'row' ->> 'at')::timestamptz
    from entry, jsonb_array_elements(e -> 'consents') c
), behaviour_written as (
    insert into behaviour (tenant, person_id, row_id, number, kind, page, at)
    select e ->> 'tenant', e -> 'person' ->> 'person_id', e -> 'row' ->> 'row_id', n, b ->> 'kind', b ->> 'page',
           (b ->> 'at')::timestamptz
    from entry, jsonb_array_elements(e -> 'behaviours') with ordinality as x(b, n)
    on conflict do nothing
), lead_written as (
    insert into lead (lead_id, tenant, person_id, row_id, source, test, stage, owner, queue, band, score, motion, next_action_at,
                      next_action, sla_due_at, policy_hash, opened_at, clock_offset, start, state)
    select l.lead_id, e ->> 'tenant', e -> 'person' ->> 'person_id', e -> 'row' ->> 'row_id', l.source, l.test, l.stage, l.owner,
           l.queue, l.band, l.score, l.motion, l.next_action_at, l.next_action, l.sla_due_at, l.policy_hash, l.opened_at,
           make_interval(secs => l.clock_seconds), l.state, l.state
    from entry, jsonb_to_recordset(e -> 'leads') as l(
        lead_id text, source text, test boolean, stage text, owner text, queue text, band text, score integer, motion text,
        next_action_at timestamptz, next_action text, sla_due_at timestamptz, policy_hash text, opened_at timestamptz,
        clock_seconds float8, state jsonb)
), decision_written as (
    insert into decision (decision_id, tenant, lead_id, kind, at, policy_hash, facts, decision, trace, engine)
    select d -> 'decision' ->> 'decision_id', e ->> 'tenant', e -> 'row' ->> 'lead_id', d -> 'decision' ->> 'kind',
           (d -> 'decision' ->> 'decided_at')::timestamptz, d -> 'decision' ->> 'policy_hash',
           d -> 'facts', d -> 'decision', d -> 'trace', d ->> 'engine'
    from entry, jsonb_array_elements(e -> 'decisions') d
)
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id, asked_at, asked_as)
select r.row_id, e ->> 'tenant', r.channel, r.source_event_id, r.at, r.payload, r.state, r.ref, r.lead_id,
       e -> 'person' ->> 'person_id', r.asked_at, r.asked_as
from entry, jsonb_to_record(e -> 'row') as r(row_id text, channel text, source_event_id text, at timestamptz, payload jsonb,
                                             state text, ref jsonb, lead_id text, asked_at timestamptz, asked_as text)
on conflict (tenant, channel, source_event_id) do update set
    state = excluded.state, ref = excluded.ref, lead_id = excluded.lead_id, person_id = excluded.person_id,
    at = excluded.at, asked_at = excluded.asked_at, asked_as = excluded.asked_as, tried_at = null, last_error = null
where inbox.row_id = excluded.row_id and inbox.state in ('received', 'undecided')
returning row_id

-- name: keep_undecided: the inbox row alone, for a sweeper to go on from
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, last_error)
values ($1, $2, $3, $4, $5, $6, 'undecided', $7)
on conflict (tenant, channel, source_event_id) do update set state = 'undecided', last_error = excluded.last_error
where inbox.row_id = excluded.row_id and inbox.state in ('received', 'undecided')
returning row_id

-- name: keep: a raw webhook, to be worked on later; nothing comes back for one that was kept before
insert into inbox (tenant, channel, source_event_id, payload, state) values ($1, $2, $3, $4, 'received')
on conflict do nothing
returning row_id

-- name: opt_out: the person, the number they wrote from and all that is linked to them opted out
select take_opt_out($1, $2, $3, $4, $5)

-- name: restore: the person asked to be written to again
update opt_out set restored_at = $4
where tenant = $1 and restored_at is null
  and (value = $3
       or person_id in (select same_human($1, $2, array[$3]))
       or value in (select value from identity where person_id in (select same_human($1, $2, array[$3]))))

-- name: restore_texts: as restore, for a refusal of texts alone
update refusal set restored_at = $4
where tenant = $1 and restored_at is null and channel = 'sms'
  and (value = $3
       or person_id in (select same_human($1, $2, array[$3]))
       or value in (select value from identity where person_id in (select same_human($1, $2, array[$3]))))

-- name: reply: what the person wrote and when; texts not yet on their way are cancelled
with person_written as (
    update person set last_words = $3, last_reply_at = $4, last_reply_lead = $5, last_contact_at = greatest(last_contact_at, $4)
    where person_id = $2
)
update touch set state = 'cancelled', because = 'replied', settled_at = clock_timestamp()
where tenant = $1 and person_id = $2 and channel = 'sms' and purpose <> 'internal' and state in ('planned', 'claimed')

-- name: row: an inbox row as it came, to capture it again
select jsonb_build_object('row_id', row_id, 'tenant', tenant, 'channel', channel, 'source_event_id', source_event_id, 'state', state,
                          'payload', payload)
from inbox where row_id = $1

-- name: rouse: tells up to 16 open leads of a person's colleagues that they are a buying group now, once for a message; a sweeper brings it to them
with told as materialized (
    select uuidv7()::text as row_id, l.lead_id, l.person_id, clock_timestamp() + l.clock_offset + l.clock_ahead as at
    from person p join lead l using (person_id)
    where p.tenant = $1 and p.facts ->> 'company_domain' = $2 and p.person_id <> $3 and l.closed_at is null
    order by l.opened_at desc limit 16
)
insert into inbox (row_id, tenant, channel, source_event_id, at, payload, state, ref, lead_id, person_id)
select row_id, $1, 'account', $4 || '/' || lead_id, at, '{}', 'captured', jsonb_build_object(
    'row_id', row_id, 'kind', 'account', 'at', at, 'source', 'buying_group', 'strong', true), lead_id, person_id
from told
on conflict do nothing

-- name: left_behind: takes a tenant's rows that were captured but not dispatched, or not decided; the rows of no other sweeper
with taken as (
    select row_id from inbox
    where tenant = $1 and (state = 'captured' or state = 'undecided' and channel ~ '^(inquiry/|signal$|sms$|answered$)')
      and coalesce(tried_at, received_at) < now() - $2::interval
    order by coalesce(tried_at, received_at)
    limit $3
    for update skip locked
), tried as (
    update inbox i set tries = tries + 1, tried_at = now() from taken where i.row_id = taken.row_id
    returning i.row_id, i.state, i.lead_id, i.ref
)
select coalesce(jsonb_agg(jsonb_build_object(
    'row_id', t.row_id, 'lead_id', t.lead_id, 'lead', l.start, 'ref', t.ref,
    'status', case when t.state = 'undecided' then 'undecided' when l.row_id = t.row_id then 'started' else 'joined' end,
    'first_motion', case when l.row_id = t.row_id then l.motion end) order by t.row_id), '[]')
from tried t left join lead l using (lead_id)

-- name: unfinished: a tenant's raw webhooks that were kept and never worked through, oldest first, not those another sweeper has; each try waits twice as long as the one before, up to 16 times $3
with taken as (
    select row_id from inbox
    where tenant = $1 and state = 'received' and channel = $2
      and coalesce(tried_at, received_at) < now() - $3::interval * least(power(2, tries), 16)
    order by coalesce(tried_at, received_at)
    limit $4
    for update skip locked
), tried as (
    update inbox i set tries = tries + 1, tried_at = now() from taken where i.row_id = taken.row_id
    returning i.row_id, i.tenant, i.payload
)
select coalesce(jsonb_agg(jsonb_build_object('row_id', row_id, 'tenant', tenant, 'payload', payload #>> '{}') order by row_id), '[]')
from tried

-- name: standing: what a lead's workflow starts from, the row that starts it, and the newest state written
select jsonb_build_object('start', l.start, 'ref', i.ref, 'state', l.state)
from lead l join inbox i on i.row_id = l.row_id
where l.tenant = $1 and l.lead_id = $2

-- name: dispatched: the server has accepted the row's signal, or the raw webhook was worked through
update inbox set state = 'dispatched', dispatched_at = now(), last_error = null
where row_id = $1 and state in ('captured', 'received')

-- name: refuse: a raw webhook that will never be worked through, and why
update inbox set state = 'rejected', last_error = left($2, 200) where row_id = $1 and state = 'received'

-- name: abandon: closes the lead of a row whose workflow has ended, unless it never ran; the lead's id if it was open
update lead l set closed_at = clock_timestamp() + l.clock_offset + l.clock_ahead, stage = 'closed', outcome = 'abandoned',
    next_action_at = null, next_action = null, sla_due_at = null, recorded_at = now(),
    state = l.state || '{"stage": "closed", "closed": "abandoned", "agenda": [], "sla_due_at": null, "rest": null}'
from inbox i
where i.row_id = $1 and l.lead_id = i.lead_id and l.closed_at is null
  and (l.row_id = i.row_id or exists (select from inbox o where o.row_id = l.row_id and o.state = 'dispatched'))
returning l.lead_id

-- name: hand_back: messages that a closed lead was never told, to be captured again
select hand_back($1, $2)

-- name: put_back: the lead can't take the row: it waits to be captured again, unless the lead had it after all or nothing more can come of it
update inbox i set
    state = case when l.row_id = i.row_id or l.state -> 'seen' ? i.row_id then 'dispatched'
                 when i.channel ~ '^(inquiry/|signal$|sms$|answered$)' then 'undecided'
                 else 'kept' end,
    last_error = left($2, 200), tried_at = now()
from (values (1)) one left join lead l on l.lead_id = (select lead_id from inbox where row_id = $1)
where i.row_id = $1 and i.state in ('captured', 'dispatched', 'undecided')

-- name: call_off: nobody is connected to the person by a call under way
select call_off($1, $2, $3)
