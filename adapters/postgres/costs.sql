-- name: leads: a page of a tenant's leads opened from $2 on, oldest first, after the one at ($3, $4), grouped by $5 (source, motion, outcome), with the touches that reached a vendor; test leads are left out
select jsonb_agg(jsonb_build_object(
    'lead_id', l.lead_id, 'opened_at', l.opened_at,
    'group', coalesce(case $5 when 'source' then l.source when 'motion' then l.motion
                              when 'outcome' then coalesce(l.outcome, 'open') end, 'unknown'),
    'touches', coalesce(spent.touches, '[]'))
    order by l.opened_at, l.lead_id)
from (select * from lead
      where tenant = $1 and not test and opened_at >= $2 and (opened_at, lead_id) > ($3, $4)
      order by opened_at, lead_id limit $6) l
left join lateral (select spent_on(l.tenant, l.lead_id) as touches) spent on true

-- name: touches: a lead's touches that reached a vendor
select coalesce(spent_on($1, $2), '[]')
