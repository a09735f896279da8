-- name: publish: a policy kept for good, and made the one that new leads are judged by
with kept as (
    insert into policy (policy_hash, tenant, name, text, packs, author) values ($1, $2, $3, $4, $5, $6)
    on conflict do nothing
)
insert into active_policy (tenant, policy_hash) values ($2, $1)
on conflict (tenant) do update set policy_hash = excluded.policy_hash, recorded_at = now()
where active_policy.policy_hash <> excluded.policy_hash

-- name: active: the hash of the policy that new leads are judged by
select policy_hash from active_policy where tenant = $1

-- name: text: a published policy as it was written, whoever published it
select text, packs from policy where policy_hash = $1 limit 1
