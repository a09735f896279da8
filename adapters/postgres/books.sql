-- name: left_open: a page of touches begun over ten minutes ago whose outcome isn't known, by id, after $2
select coalesce(jsonb_agg(claim_of(t, false) order by touch_id), '[]') from (
    select * from touch
    where tenant = $1 and state in ('sending', 'unknown') and sending_since < clock_timestamp() - interval '10 minutes' -- lease
      and touch_id > $2
    order by touch_id limit $3
) t

-- name: waiting: touches claimed for over an hour: nothing was sent
select count(*) from touch
where tenant = $1 and state = 'claimed' and claimed_at < clock_timestamp() - interval '1 hour' -- lease

-- name: compare: a page of the vendor's list beside the ledger: prices and segments taken over, what is further there, what no touch knows
with message as materialized (
    select * from jsonb_to_recordset($2::jsonb)
        as m(vendor_id text, status text, price numeric, price_unit text, segments integer, talk interval)
), priced as (
    update touch t set price = coalesce(m.price, t.price), price_unit = coalesce(m.price_unit, t.price_unit),
                       segments = coalesce(m.segments, t.segments), talk = coalesce(m.talk, t.talk)
    from message m
    where t.tenant = $1 and t.vendor_id = m.vendor_id
      and (t.price is distinct from coalesce(m.price, t.price) or t.segments is distinct from coalesce(m.segments, t.segments) or t.talk is distinct from coalesce(m.talk, t.talk))
    returning t.price
)
select jsonb_build_object(
    'priced', (select count(*) from priced where price is not null),
    'behind', coalesce((
        select jsonb_agg(m.vendor_id) from message m join touch t on t.tenant = $1 and t.vendor_id = m.vendor_id
        where touch_rank(m.status) > touch_rank(t.state)), '[]'),
    'strangers', coalesce((
        select jsonb_agg(m.vendor_id) from message m
        where not exists (select from touch t where t.tenant = $1 and t.vendor_id = m.vendor_id)), '[]'))

-- name: keep: what a reconciliation came to, once
insert into reconciliation (run, tenant, report) values ($1, $2, $3::jsonb)
on conflict (run) do update set report = excluded.report
