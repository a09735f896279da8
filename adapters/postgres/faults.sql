-- name: take: faults that nobody was told of yet, from now on ours for a while; those of a day ago are left
with due as (
    select alert_id from condition_fault
    where tenant = $1 and settled_at is null and recorded_at > clock_timestamp() - interval '1 day'
      and (tried_at is null or tried_at < clock_timestamp() - $2::interval)
    order by recorded_at
    limit $3
    for update skip locked
)
update condition_fault f set tries = f.tries + 1, tried_at = clock_timestamp()
from due where f.alert_id = due.alert_id
returning jsonb_build_object('alert_id', f.alert_id, 'policy_hash', f.policy_hash, 'rule', f.rule, 'lead_id', f.lead_id,
                             'recorded_at', f.recorded_at, 'tries', f.tries)

-- name: told: the supervisors have heard of it
update condition_fault set settled_at = clock_timestamp() where alert_id = $1 and settled_at is null
