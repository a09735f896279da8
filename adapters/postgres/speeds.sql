-- name: leads: a page of a tenant's leads opened from $2 on, oldest first, after the one at ($3, $4), grouped by $5 (source, segment, band, owner); test leads are left out
select jsonb_agg(jsonb_build_object(
    'lead_id', l.lead_id, 'source', l.source, 'owner', l.owner, 'opened_at', l.opened_at,
    'group', coalesce(case $5 when 'source' then l.source when 'band' then l.band
                              when 'segment' then d.facts #>> '{company,segment}'
                              when 'owner' then coalesce(l.owner, 'queue ' || l.queue) end, 'unknown'),
    'now', clock_timestamp() + l.clock_offset + l.clock_ahead,
    'decided_after', case when d.recorded_at >= i.received_at then extract(epoch from d.recorded_at - i.received_at) end,
    'text_at', text.at, 'is_held', coalesce(text.is_held, false),
    'due_at', d.decision ->> 'sla_due_at',
    'first_automation_at', l.first_automation_at, 'first_human_attempt_at', l.first_human_attempt_at,
    'first_two_way_contact_at', l.first_two_way_contact_at, 'first_meeting_at', l.first_meeting_at)
    order by l.opened_at, l.lead_id)
from (select * from lead
      where tenant = $1 and not test and opened_at >= $2 and (opened_at, lead_id) > ($3, $4)
      order by opened_at, lead_id limit $6) l
join inbox i on i.row_id = l.row_id
left join lateral (
    select facts, decision, recorded_at from decision where lead_id = l.lead_id and kind = 'triage' order by recorded_at limit 1) d on true
left join lateral (
    select (a ->> 'at')::timestamptz as at, jsonb_array_length(a -> 'held_by') > 0 as is_held
    from jsonb_array_elements(d.decision -> 'agenda') a
    where a ->> 'action' = 'text' order by 1 limit 1) text on true
