-- name: write: the lead's row and story brought up to its seq, older news ignored; the seqs new to the story, null without such a lead
with entry as materialized (
    select e, r.* from (select $1::jsonb as e) x, jsonb_to_record(x.e) as r(
        tenant text, lead_id text, stage text, owner text, queue text, band text, score integer, motion text, cycle integer,
        next_action_at timestamptz, next_action text, sla_due_at timestamptz, breached boolean, outcome text, policy_hash text,
        first_touch_at timestamptz, contacted_at timestamptz, closed_at timestamptz,
        first_automation_at timestamptz, first_human_attempt_at timestamptz, first_two_way_contact_at timestamptz,
        first_meeting_at timestamptz, seq integer, is_won_over boolean, won_over_at timestamptz, state jsonb)
), held as materialized (  -- the person first, as everybody who takes both does
    select p.person_id from person p join lead l using (person_id) join entry n on n.lead_id = l.lead_id and n.tenant = l.tenant
    for no key update of p
), lead_written as (
    update lead l set
        stage = n.stage, owner = n.owner, queue = n.queue, band = coalesce(n.band, l.band), score = coalesce(n.score, l.score),
        motion = coalesce(n.motion, l.motion), cycle = n.cycle, next_action_at = n.next_action_at, next_action = n.next_action,
        sla_due_at = n.sla_due_at, breached = n.breached, outcome = n.outcome, policy_hash = coalesce(n.policy_hash, l.policy_hash),
        first_touch_at = n.first_touch_at, contacted_at = n.contacted_at,
        first_automation_at = least(l.first_automation_at, n.first_automation_at),  -- least() skips nulls
        first_human_attempt_at = least(l.first_human_attempt_at, n.first_human_attempt_at),
        first_two_way_contact_at = least(l.first_two_way_contact_at, n.first_two_way_contact_at),
        first_meeting_at = least(l.first_meeting_at, n.first_meeting_at),
        closed_at = coalesce(l.closed_at, n.closed_at),
        seq = n.seq, state = n.state, recorded_at = now()
    from entry n, held h
    where l.lead_id = n.lead_id and l.person_id = h.person_id and l.seq <= n.seq
), story_written as (
    insert into lead_event (tenant, lead_id, cycle, seq, at, kind, data)
    select n.tenant, n.lead_id, s.cycle, s.seq, (s.fact ->> 'at')::timestamptz, s.fact ->> 'kind', s.fact
    from entry n, held, jsonb_to_recordset(n.e -> 'story') as s(cycle integer, seq integer, fact jsonb)
    on conflict do nothing
    returning seq
), person_written as (
    update person p set
        last_contact_at = greatest(p.last_contact_at, n.contacted_at),
        last_owner = case when n.is_won_over then coalesce(n.owner, p.last_owner) else p.last_owner end,
        last_owner_at = case when n.is_won_over and n.owner is not null then greatest(n.won_over_at, p.last_owner_at)
                        else p.last_owner_at end
    from entry n, held h
    where p.person_id = h.person_id and (n.contacted_at is not null or n.is_won_over)
)
select coalesce((select array_agg(seq) from story_written), '{}') from held

-- name: hand_back: messages that the closed lead was never told, to be captured again
select hand_back($1, $2)

-- name: asked_not_to_be_contacted: a rep heard it: the person and all that is linked to them opted out
select take_opt_out(tenant, person_id, null, null, $3) from lead where tenant = $1 and lead_id = $2

-- name: bad_number: whose number was found out to be bad, and which: the one from which they wrote that it isn't the person's, unless a rep means another; the person's other numbers, the one last touched first
select jsonb_build_object(
    'person_id', p.person_id, 'facts', p.facts,
    'disowned', (
        select i.payload -> 'text' ->> 'sender' from inbox i
        where i.lead_id = l.lead_id and i.channel = 'sms' and i.payload -> 'text' ->> 'said' = 'wrong_person'
          and ($3 = 'reply' or not coalesce(p.facts -> 'bad_numbers' ? (i.payload -> 'text' ->> 'sender'), false))
        order by i.at desc limit 1),
    'others', coalesce((
        select jsonb_agg(n.value order by t.last desc nulls last, n.value)
        from identity n left join lateral (
            select max(created_at) as last from touch where person_id = p.person_id and recipient = n.value) t on true
        where n.person_id = p.person_id and n.kind = 'phone'), '[]'))
from lead l join person p using (person_id)
where l.tenant = $1 and l.lead_id = $2

-- name: number_is_bad: the person without a number that counts again only when an inquiry gives it
update person set facts = $2::jsonb where person_id = $1

-- name: offered: where the offer before this one ran out and nothing was heard of its rep, one more is missed
with this as (
    select lead_id, seq, cycle from lead_event where tenant = $1 and lead_id = $2 and seq = $3
), before as (
    select e.lead_id, e.seq, e.data ->> 'owner' as rep from lead_event e join this t using (lead_id)
    where e.kind = 'offered' and e.seq < t.seq and e.cycle = t.cycle order by e.seq desc limit 1
)
insert into presence as p (tenant, rep, missed)
select $1, b.rep, 1 from before b join this t using (lead_id)
where b.rep is not null and not exists (
    select from lead_event e
    where e.lead_id = b.lead_id and e.seq > b.seq and e.seq < t.seq
      and (e.kind = 'accepted' or e.kind = 'declined' and e.data ->> 'rep' = b.rep or e.kind = 'disposed' and e.data ->> 'by' = b.rep))
on conflict (tenant, rep) do update set missed = p.missed + 1 where not p.away

-- name: heard_of: a rep has moved, so none of their offers is missed in a row any more
update presence set missed = 0 where tenant = $1 and rep = $2 and missed > 0
