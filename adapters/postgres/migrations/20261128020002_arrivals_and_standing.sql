-- Runs before new code: it adds a table, and changes how a function reads.
-- Numbers of our own list on their way in. And a human has few persons: told so, PostgreSQL goes to inbox, lead and refusal by their
-- indexes, whatever their size; plans of a plpgsql function are kept for the session, where those of a big SQL function are made anew.

-- migrate:up
create unlogged table arriving_number (
    tenant text not null,
    number text not null,
    until  date,
    reason text
);
comment on table arriving_number is 'rows of an import that is not over; empty to everybody else';

alter function same_human rows 4;

create or replace function standing_of(p_tenant text, p_person text, p_values text[], p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
    them text[] := array(select same_human(p_tenant, p_person, p_values));
    theirs text[] := array(
        select v.value from unnest(p_values) v (value) where v.value is not null
        union select i.value from identity i where i.person_id = any (them) and i.tenant = p_tenant);
    reached text := coalesce(p_values[1], (select facts ->> 'phone' from person where person_id = p_person and tenant = p_tenant));
begin
    return jsonb_build_object(
        'do_not_call', listings_of(p_tenant, reached, theirs),
        'registry_as_of', registry_as_of(p_tenant, reached),
        'inquiries', coalesce((
            select jsonb_agg(jsonb_build_object('source', source, 'at', at) order by at, source)
            from (select i.asked_as as source, max(least(i.asked_at, p_now)) as at from inbox i
                  where i.person_id = any (them) and i.tenant = p_tenant and i.asked_at is not null
                  group by i.asked_as) asked
        ), '[]'),
        'last_transaction_at', (
            select max(least(at, p_now)) from (
                select o.last_transaction_at as at from person o where o.person_id = any (them)
                union all select l.closed_at from lead l
                where l.person_id = any (them) and l.tenant = p_tenant and l.outcome = 'won') bought
            where at is not null
        ),
        'refusals', coalesce((
            select jsonb_agg(jsonb_build_object('channel', channel, 'reason', reason, 'at', at) order by at, channel, reason)
            from (select channel, reason, max(least(at, p_now)) as at from refusal
                  where tenant = p_tenant and restored_at is null and (person_id = any (them) or value = any (theirs))
                  group by channel, reason) said
        ), '[]'));
end $$;

-- migrate:down
-- The function goes on answering the same, so it stays; the file before this one drops it.
alter function same_human rows 1000;
drop table arriving_number;
