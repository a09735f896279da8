-- name: throw: a switch turned on or off, where it isn't so already; how both stand
with thrown as (
    insert into tenant_switch (tenant, name, is_on, by, because)
    select $1, $2, $3, $4, $5 where is_switched_on($1, $2) is distinct from $3
    returning name, is_on, by, because, at
)
select coalesce(jsonb_object_agg(name, s), '{}') from (
    select * from thrown
    union all
    select * from (
        select distinct on (name) name, is_on, by, because, at from tenant_switch
        where tenant = $1 and name not in (select name from thrown) order by name, number desc) before
) s

-- name: standing: how a tenant's switches stand
select coalesce(jsonb_object_agg(name, s), '{}') from (
    select distinct on (name) name, is_on, by, because, at from tenant_switch where tenant = $1 order by name, number desc
) s
