-- name: known: the number a person last heard from, or wrote to or called, on any lead; and what each number has sent
with them as materialized (
    select same_human($1, $2, array[$3]) as person_id
), heard as (
    select t.sender as number, t.created_at as at from touch t join them using (person_id)
    where t.tenant = $1 and t.channel in ('sms', 'call') and t.purpose <> 'internal' and t.sender <> ''
      and t.state in ('sending', 'unknown', 'sent', 'delivered')
    union all
    select coalesce(i.payload -> 'text' ->> 'recipient', i.payload ->> 'called', i.payload -> 'extra' ->> 'called'), i.received_at
    from inbox i join them using (person_id)
    where i.tenant = $1 and (i.channel = 'sms' or i.channel like 'inquiry/%')
)
select jsonb_build_object(
    'last', (select number from heard where number ~ '^\+' order by at desc limit 1),
    'waits_at', (select sender from waiting_text where touch_id = $5),
    'recent', coalesce((select jsonb_object_agg(sender, texts) from (
        select sender, count(*) as texts from (
            select sender from touch
            where tenant = $1 and channel = 'sms' and sender <> ''
              and created_at > clock_timestamp() - interval '24 hours'  -- sending_since would be closer, and has no index
              and state in ('sending', 'unknown', 'sent', 'delivered')
            union all select sender from waiting_text where tenant = $1) s
        group by sender) r), '{}'),
    'today', coalesce((select jsonb_object_agg(sender, segments) from sender_day
                       where tenant = $1 and day = (clock_timestamp() at time zone $4)::date), '{}'))  -- settled_at's clock

-- name: take: whether it is a text's turn, by the server's clock (null) or as of a moment
select text_turn($1::jsonb, coalesce($2, clock_timestamp()))  -- a lease on the vendor's pace, no judgement

-- name: waiting: how many texts wait, by number, and for how long the last of them will
select jsonb_build_object('sender', w.sender, 'waiting', count(*),
                          'last_in', greatest(0, extract(epoch from max(w.back_at) - clock_timestamp())))  -- lease
from waiting_text w
where w.tenant = $1 and w.back_at > clock_timestamp() - interval '5 seconds'  -- lease
group by w.sender order by w.sender

-- name: bursts: those that nobody was told of yet, from now on ours for a while; not those of an hour ago
with due as (
    select alert_id from text_burst
    where tenant = $1 and settled_at is null and recorded_at > clock_timestamp() - interval '1 hour'
      and (tried_at is null or tried_at < clock_timestamp() - $2::interval)
    order by recorded_at
    for update skip locked
)
update text_burst b set tries = b.tries + 1, tried_at = clock_timestamp()
from due where b.alert_id = due.alert_id
returning jsonb_build_object('alert_id', b.alert_id, 'sender', b.sender, 'waiting', b.waiting, 'per_second', b.per_second,
                             'last_in', extract(epoch from b.last_in), 'promised', extract(epoch from b.promised),
                             'recorded_at', b.recorded_at, 'tries', b.tries)

-- name: told: the supervisors have heard of a burst
update text_burst set settled_at = clock_timestamp() where alert_id = $1 and settled_at is null
