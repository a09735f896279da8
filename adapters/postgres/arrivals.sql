-- name: arrivals: a page of what began leads and started them over, from $2 on, oldest first, after the one at ($3, $4): facts of that moment, and what the person wrote from then until the next
select d.decision_id, d.at, d.recorded_at, d.facts::text as facts, p.name, i.source_event_id,
       (select x.payload -> 'attribution' ->> 'referrer_name' from inbox x
        where x.lead_id = d.lead_id and x.channel like 'inquiry/%' and x.payload -> 'attribution' ->> 'referrer_name' is not null
        order by x.received_at desc limit 1) as referrer,
       coalesce((select jsonb_agg(jsonb_build_object('at', r.at, 'said', r.asked ->> 'said') order by r.at, r.decision_id)
                 from decision r
                 where r.lead_id = d.lead_id and r.kind = 'reply' and r.asked ->> 'cycle' = d.facts ->> 'cycle'), '[]')::text as replies
from decision d
join lead l using (lead_id)
join person p on p.person_id = l.person_id
left join inbox i on i.row_id = l.row_id
where d.tenant = $1 and d.kind = 'triage' and d.recorded_at >= $2 and (d.recorded_at, d.decision_id) > ($3, $4)
  and (d.facts ->> 'cycle' = '1'
       or exists (select from lead_event e
                  where e.lead_id = d.lead_id and e.kind = 'cycle_started' and e.data ->> 'cycle' = d.facts ->> 'cycle'
                    and (e.data ->> 'woken')::boolean))
  and not exists (select from decision o
                  where o.lead_id = d.lead_id and o.kind = 'triage' and o.facts ->> 'cycle' = d.facts ->> 'cycle'
                    and (o.recorded_at, o.decision_id) < (d.recorded_at, d.decision_id))
order by d.recorded_at, d.decision_id
limit $5
