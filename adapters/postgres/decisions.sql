-- name: find: the stored answer to a question
select decision from decision where decision_id = $1

-- name: cycle: the answers of one cycle of a lead, oldest first, with what they were made from
select coalesce(jsonb_agg(jsonb_build_object('decision', decision, 'facts', facts,
                                             'asked', case when kind <> 'adopt' then asked end) order by recorded_at, decision_id), '[]')
from decision where tenant = $1 and lead_id = $2 and split_part(decision_id, ':', 2) = $3

-- name: facts: what a judgement of a running lead may know
select f || jsonb_build_object(
    'company', company_of($1, f -> 'person' ->> 'company_domain', $3),
    'colleagues', colleagues_of($1, f -> 'person' ->> 'company_domain', f ->> 'person_id', f -> 'person' ->> 'phone', $3))
from facts_of($1, $2, $3, null) f

-- name: store: keeps an answer with its facts and trace, which heed_decision reads; the first answer to a question stays
with written as (
    insert into decision as d (decision_id, tenant, lead_id, kind, at, policy_hash, facts, decision, trace, asked, engine)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (decision_id) do update set decision_id = excluded.decision_id
    returning d.decision
)
select decision from written

-- name: past: a page of a tenant's decisions recorded from $2 on and before $5, oldest first, after the one at ($3, $4)
select decision_id, lead_id, kind, at, policy_hash, engine, recorded_at, facts::text, asked::text, decision::text, trace::text
from decision
where tenant = $1 and recorded_at >= $2 and recorded_at < $5 and (recorded_at, decision_id) > ($3, $4)
order by recorded_at, decision_id
limit $6

-- name: past_of_lead: the same of one lead, $7
select decision_id, lead_id, kind, at, policy_hash, engine, recorded_at, facts::text, asked::text, decision::text, trace::text
from decision
where tenant = $1 and lead_id = $7 and recorded_at >= $2 and recorded_at < $5 and (recorded_at, decision_id) > ($3, $4)
order by recorded_at, decision_id
limit $6
