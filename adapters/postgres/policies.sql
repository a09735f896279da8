-- name: publish: a policy kept for good, made the one that new leads are judged by, and the change of it logged; nothing where another is active than $10 says
with before as materialized (
    select policy_hash from active_policy where tenant = $2
), goes as materialized (
    select where $10::text is null or $10 = coalesce((select policy_hash from before), '')
), kept as (
    insert into policy (policy_hash, tenant, name, text, packs, author) select $1, $2, $3, $4, $5, $6 from goes
    on conflict do nothing
), activated as (
    insert into active_policy (tenant, policy_hash) select $2, $1 from goes
    on conflict (tenant) do update set policy_hash = excluded.policy_hash, recorded_at = now()
    where active_policy.policy_hash <> excluded.policy_hash
    returning policy_hash
), logged as (
    insert into publication (tenant, from_hash, to_hash, author, note, way, undoes)
    select $2, (select policy_hash from before), policy_hash, $6, $7, $8, $9 from activated
    returning *
)
select jsonb_build_object('expected', exists (select from goes), 'before', (select policy_hash from before),
                          'publication', (select to_jsonb(logged) from logged))

-- name: active: the hash of the policy that new leads are judged by
select policy_hash from active_policy where tenant = $1

-- name: in_force: the active policy's hash, and those of open leads, one index probe each
with recursive pinned as (
    (select policy_hash from lead where tenant = $1 and closed_at is null and policy_hash is not null order by policy_hash limit 1)
    union all
    select n.policy_hash from pinned p, lateral (
        select policy_hash from lead where tenant = $1 and closed_at is null and policy_hash > p.policy_hash
        order by policy_hash limit 1) n
)
select jsonb_build_object('active', (select policy_hash from active_policy where tenant = $1),
                          'pinned', coalesce((select jsonb_agg(policy_hash) from pinned), '[]'))

-- name: standing: what is active, how it became so, and what the file of settings last made active
select jsonb_build_object(
    'active', (select policy_hash from active_policy where tenant = $1),
    'way', (select way from publication where tenant = $1 order by number desc limit 1),
    'file', (select to_hash from publication where tenant = $1 and way = 'file' order by number desc limit 1))

-- name: list: a tenant's policies, newest first, with how many open leads follow each, and the newest of the log
select jsonb_build_object(
    'versions', coalesce((
        select jsonb_agg(jsonb_build_object(
            'policy_hash', p.policy_hash, 'name', p.name, 'author', p.author, 'published_at', p.published_at,
            'active', a.policy_hash is not null, 'open_leads', coalesce(n.leads, 0)) order by p.published_at desc)
        from policy p
        left join active_policy a using (tenant, policy_hash)
        left join (select policy_hash, count(*) as leads from lead where tenant = $1 and closed_at is null group by 1) n
            using (policy_hash)
        where p.tenant = $1), '[]'),
    'log', coalesce((
        select jsonb_agg(to_jsonb(l) - 'tenant' order by number desc)
        from (select * from publication where tenant = $1 order by number desc limit $2) l), '[]'))

-- name: text: a policy that this tenant published, as it was written
select jsonb_build_object('policy_hash', policy_hash, 'name', name, 'text', text, 'packs', packs, 'author', author,
                          'published_at', published_at, 'active', a.tenant is not null)
from policy p left join active_policy a using (tenant, policy_hash)
where p.tenant = $1 and policy_hash = $2
