-- Runs before new code: it only adds.
-- The fairness report: who was considered in each decision, and what became of each offer.

-- migrate:up
create view considered as
    select d.tenant, d.lead_id, d.decision_id, d.at, a ->> 'owner' as owner, a ->> 'queue' as queue, a ->> 'line' as line,
           a ->> 'why' as why, c ->> 'rep' as rep, c ->> 'reason' as reason, c ->> 'because' as because,
           (c ->> 'weight')::integer as weight, (c ->> 'open_leads')::integer as open_leads, (c ->> 'offers')::integer as offers,
           (c ->> 'owed')::integer as owed, (c ->> 'place')::integer as place
    from decision d, lateral (select d.trace -> 'assignment') x (a), jsonb_array_elements(a -> 'considered') c
    where jsonb_typeof(d.trace -> 'assignment') = 'object';
comment on view considered is 'every rep of every look for somebody to take a lead; reason is null for who took it, place is theirs in the line';
create index decision_assigned on decision (tenant, at) where jsonb_typeof(trace -> 'assignment') = 'object';

create view offer_outcome as
    select o.tenant, o.lead_id, o.seq, o.at, o.data ->> 'owner' as rep,
           case when bool_or(e.kind = 'accepted' and e.data ->> 'rep' = o.data ->> 'owner'
                             or e.kind = 'disposed' and e.data ->> 'by' = o.data ->> 'owner') then 'accepted'
                when bool_or(e.kind = 'declined' and e.data ->> 'rep' = o.data ->> 'owner') then 'passed'
                when bool_or(e.kind = 'accepted') then 'taken_by_others'
                when n.seq is not null then 'timed_out'
                when bool_or(e.kind in ('closed', 'cycle_started', 'rested')) then 'ended'
                else 'waiting' end as outcome
    from lead_event o
    left join lateral (select min(seq) as seq from lead_event x where x.lead_id = o.lead_id and x.kind = 'offered' and x.seq > o.seq) n on true
    left join lead_event e on e.lead_id = o.lead_id and e.seq > o.seq and (n.seq is null or e.seq < n.seq)
    where o.kind = 'offered' and o.data ->> 'owner' is not null
    group by o.tenant, o.lead_id, o.seq, o.at, o.data, n.seq;
comment on view offer_outcome is 'what became of an offer before the next one of its lead: accepted, passed, taken_by_others, timed_out, ended or waiting';
create index lead_event_offered on lead_event (tenant, at) where kind = 'offered';

-- migrate:down
drop view offer_outcome, considered;
drop index lead_event_offered, decision_assigned;
