-- name: begin: a new call's row; nothing comes back for one that is there
insert into call (call_id, tenant, lead_id, person_id, state)
values ($1, $2, $3, coalesce($5, (select person_id from lead where lead_id = $3 and tenant = $2)), $4)
on conflict do nothing
returning state

-- name: read: a call as it stands
select state from call where call_id = $1

-- name: hold: a call, which nobody else changes until this transaction ends
select state from call where call_id = $1 for no key update

-- name: keep: a call, changed
update call set state = $2, recorded_at = clock_timestamp() where call_id = $1

-- name: end: closed
update call set ended_at = coalesce(ended_at, clock_timestamp()) where call_id = $1 returning state
