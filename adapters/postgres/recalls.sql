-- name: take: texts to be taken back at the vendor, from now on ours for a while; those that must have gone by now are left
with due as (
    select touch_id from touch
    where tenant = $1 and recall is not null and recall_settled_at is null
      and sending_since > clock_timestamp() - interval '12 hours'  -- lease
      and (recall_tried_at is null or recall_tried_at < clock_timestamp() - $2::interval)
    order by sending_since
    limit $3
    for update skip locked
)
update touch t set recall_tried_at = clock_timestamp()
from due where t.touch_id = due.touch_id
returning jsonb_build_object('touch_id', t.touch_id, 'vendor_id', t.vendor_id)

-- name: settled: a text was taken back, or it was too late for that
update touch set recall_settled_at = clock_timestamp(),
    state = case when $2 then 'cancelled' else state end, because = case when $2 then recall else because end,
    settled_at = clock_timestamp()
where touch_id = $1 and recall_settled_at is null
