-- name: patient: an import of millions may take its time
select set_config('statement_timeout', '0', true)

-- name: new_list: the import, written down
insert into call_list (tenant, kept_by, as_of, author, file, numbers) values ($1, $2, $3, $4, $5, $6) returning list_id

-- name: newer_areas: area codes that a federal extract of a later day covers already
select a.area, l.as_of from registry_area a join call_list l using (list_id)
where a.tenant = $1 and a.area = any ($2::smallint[]) and l.as_of > $3 order by a.area

-- name: clear_areas: what an earlier extract had in these area codes, and how many numbers that was in each
with gone as (
    delete from registry_exchange where tenant = $1 and exchange / 1000 = any ($2::integer[]) returning exchange, listed
)
select exchange / 1000 as area, sum(bit_count(listed))::bigint as numbers from gone group by 1

-- name: cover_areas: from now on these area codes are this extract's
insert into registry_area (tenant, area, list_id) select $1, area, $3 from unnest($2::smallint[]) area
on conflict (tenant, area) do update set list_id = excluded.list_id

-- name: count_arriving: rows, and numbers of which some are ours already
select (select count(*) from arriving_number where tenant = $1) as rows, count(*) as numbers, count(o.number) as before
from (select distinct number from arriving_number where tenant = $1) a left join own_number o on o.tenant = $1 and o.number = a.number

-- name: take_arriving: our own list grows: whoever is on it stays so, at the longest that was ever asked for
insert into own_number as o (tenant, number, until, reason, list_id)
select $1, number, case when bool_or(until is null) then null else max(until) end, max(reason), $2
from arriving_number where tenant = $1 group by number
on conflict (tenant, number) do update set
    until = case when o.until is null or excluded.until is null then null else greatest(o.until, excluded.until) end,
    reason = coalesce(excluded.reason, o.reason)

-- name: clear_arriving: nothing is on its way any more
delete from arriving_number where tenant = $1

-- name: in_force: imports that still count, newest first
select coalesce(jsonb_agg(to_jsonb(f) order by f.list_id desc), '[]') from (
    select l.list_id, l.kept_by, l.as_of, l.author, l.file, array_agg(a.area order by a.area) as areas,
           (select coalesce(sum(bit_count(x.listed)), 0) from registry_exchange x
            where x.tenant = $1 and x.exchange / 1000 in (select area from registry_area r where r.tenant = $1 and r.list_id = l.list_id)
           ) as numbers
    from call_list l join registry_area a using (list_id) where l.tenant = $1 group by l.list_id
    union all
    select l.list_id, l.kept_by, l.as_of, l.author, l.file, '{}', count(*)
    from call_list l join own_number o using (list_id) where l.tenant = $1 group by l.list_id
) f

-- name: of_number: what lists say of one number
select jsonb_build_object('listings', listings_of($1, $2, array[$2]), 'registry_as_of', registry_as_of($1, $2))
