-- name: page: running leads that don't follow a policy yet, by id, each with its own clock at $2 and the answers of its cycle; one more than asked for
select coalesce(jsonb_agg(jsonb_build_object(
    'lead', l.state,
    'now', $2::timestamptz + l.clock_offset + l.clock_ahead,
    'answers', (
        select coalesce(jsonb_agg(jsonb_build_object('decision', d.decision, 'facts', d.facts,
                                                     'asked', case when d.kind <> 'adopt' then d.asked end)
                                  order by d.recorded_at, d.decision_id), '[]')
        from decision d where d.lead_id = l.lead_id and split_part(d.decision_id, ':', 2) = l.state ->> 'cycle')
    ) order by l.lead_id), '[]')
from (
    select * from lead
    where tenant = $1 and closed_at is null and policy_hash is distinct from $3
      and ($4::text is null or source = $4)
      and ($5::text is null or stage = $5)
      and ($6::text is null or lead_id = $6)
      and ($7::text is null or lead_id > $7)
    order by lead_id
    limit $8
) l

-- name: log: what one page of a migration came to
insert into policy_migration (tenant, key, to_hash, by, note, selection, adopted, refused, unreachable)
select $1, key, to_hash, by, note, selection, adopted, refused, unreachable
from jsonb_populate_record(null::policy_migration, $2::jsonb)
