-- name: clock: the moment of a word said now
select clock_timestamp() + make_interval(secs => coalesce((select value::text::float8 from setting where key = 'clock_offset'), 0))

-- name: loads: what the rotation knows of everybody
select jsonb_build_object('now', $2::timestamptz, 'reps', loads_of($1, $2))

-- name: change: a rep goes away or is back, in whose word; who is back has missed nothing and is no longer off
with changed as (
    insert into presence as p (tenant, rep, away, because, until, since) values ($1, $2, $3, $4, $5, $7)
    on conflict (tenant, rep) do update set
        away = excluded.away, because = excluded.because, until = excluded.until, since = excluded.since,
        missed = case when excluded.away then p.missed else 0 end
), ended as (
    update time_off set ends = greatest($7, starts + interval '1 microsecond')
    where tenant = $1 and rep = $2 and not $3 and starts <= $7 and ends > $7
)
insert into presence_change (tenant, rep, away, because, until, by, at) values ($1, $2, $3, $4, $5, $6, $7)

-- name: take_off: a time off that begins later
insert into time_off (tenant, rep, starts, ends, because, by) values ($1, $2, $3, $4, $5, $6)
