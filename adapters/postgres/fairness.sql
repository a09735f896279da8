-- name: report: each rep's share since $2, of one rep where $3 says which, or in one lead's decisions, $4
with looked as materialized (
    select * from considered
    where tenant = $1 and at >= $2 and ($4::text is null or lead_id = $4)
), lines as (
    select decision_id, sum(greatest(weight, 1)) as weights from looked where place is not null group by decision_id
), stood as (
    select rep, count(*) as in_line, sum(greatest(weight, 1)::float8 / weights) as due,
           count(*) filter (where reason is null) as got, (array_agg(weight order by at desc))[1] as weight
    from looked join lines using (decision_id) where place is not null group by rep
), offers as (
    select rep, count(*) as offered, count(credited_at) as credited from assignment
    where tenant = $1 and at >= $2 and ($4::text is null or lead_id = $4) group by rep
), outcomes as (
    select rep, count(*) filter (where outcome = 'accepted') as accepted, count(*) filter (where outcome = 'passed') as passed,
           count(*) filter (where outcome = 'timed_out') as timed_out,
           count(*) filter (where outcome = 'taken_by_others') as taken_by_others,
           count(*) filter (where outcome = 'ended') as ended,
           count(*) filter (where outcome = 'waiting') as waiting
    from offer_outcome where tenant = $1 and at >= $2 and ($4::text is null or lead_id = $4) group by rep
), named as (
    select rep from looked union select rep from offers union select rep from outcomes
)
select coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(r)) order by rep), '[]')
from (select * from named left join stood using (rep) left join offers using (rep) left join outcomes using (rep)
      where $3::text is null or rep = $3) r

-- name: passed_over: who was considered and passed over since $2, newest first, at most $5
select coalesce(jsonb_agg(to_jsonb(c) order by at desc, decision_id desc, rep), '[]')
from (select * from considered
      where tenant = $1 and at >= $2 and reason is not null and ($3::text is null or rep = $3) and ($4::text is null or lead_id = $4)
      order by at desc, decision_id desc, rep limit $5) c
