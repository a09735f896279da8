-- Runs before new code: it only adds, and history_of answers more.
-- Do-not-call lists, what people said no to, and when they last asked and bought (decision 0015).

-- migrate:up
create table call_list (
    list_id     bigint generated always as identity primary key,
    tenant      text not null,
    kept_by     text not null check (kept_by in ('federal', 'own')),
    as_of       date not null,
    author      text not null,
    file        text not null,
    numbers     bigint not null,
    recorded_at timestamptz not null default now()
);
comment on table call_list is 'every import of a do-not-call list, for good';

create table registry_area (
    tenant  text not null,
    area    smallint not null,
    list_id bigint not null references call_list,
    primary key (tenant, area)
);
comment on table registry_area is 'which extract of the federal registry covers an area code';

create table registry_exchange (
    tenant   text not null,
    exchange integer not null,
    listed   bytea not null check (length(listed) = 1250),
    primary key (tenant, exchange)
);
comment on table registry_exchange is 'by area code and exchange, a bit for each of its 10,000 numbers: whether the federal registry has it';

create table own_number (
    tenant  text not null,
    number  text not null,
    until   date,
    reason  text,
    list_id bigint not null references call_list,
    primary key (tenant, number)
);
comment on table own_number is 'our own do-not-call list; until: that day included, null for good';

create table refusal (
    tenant      text not null,
    person_id   text not null,
    value       text,
    channel     text not null check (channel in ('sms', 'call')),
    reason      text not null check (reason in ('asked', 'declined')),
    row_id      text not null,
    at          timestamptz not null,
    restored_at timestamptz,
    recorded_at timestamptz not null default now()
);
comment on table refusal is 'as opt_out, for one channel: asked not to be reached by it, or declined a call';
create index refusal_person on refusal (tenant, person_id) where restored_at is null;
create index refusal_value on refusal (tenant, value) where restored_at is null;

alter table person add last_transaction_at timestamptz;
alter table inbox add asked_at timestamptz, add asked_as text;
comment on column inbox.asked_at is 'of a message that is an inquiry: when the person asked, in the lead''s clock; asked_as is its source';
update inbox i set asked_at = coalesce(i.at, i.received_at), asked_as = split_part(i.channel, '/', 2) where i.channel like 'inquiry/%';
update inbox i set asked_at = coalesce(i.at, i.received_at), asked_as = l.source
from lead l where l.row_id = i.row_id and i.asked_at is null;
create index inbox_asked on inbox (person_id) where asked_at is not null;

create function own_list_end(p_until date) returns timestamptz
language sql immutable parallel safe return (p_until + 1)::timestamp at time zone 'UTC' + interval '12 hours';
comment on function own_list_end is 'when a day is over everywhere; null for good';

create function registry_as_of(p_tenant text, p_number text) returns timestamptz
language sql stable as $$
    select l.as_of::timestamp at time zone 'UTC' from registry_area a join call_list l using (list_id)
    where a.tenant = p_tenant and p_number ~ '^\+1\d{10}$' and a.area = substr(p_number, 3, 3)::smallint
$$;
comment on function registry_as_of is 'the day of the federal extract that covers a number; null when none does';

create function listings_of(p_tenant text, p_number text, p_numbers text[]) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('kept_by', kept_by, 'since', since, 'until', until) order by kept_by, since), '[]')
    from (
        select 'federal' as kept_by, registry_as_of(p_tenant, p_number) as since, null::timestamptz as until
        from registry_exchange x
        where p_number ~ '^\+1\d{10}$' and x.tenant = p_tenant and x.exchange = substr(p_number, 3, 6)::integer
          and get_bit(x.listed, substr(p_number, 9)::integer) = 1
        union all
        select 'own', l.as_of::timestamp at time zone 'UTC', own_list_end(o.until)
        from own_number o join call_list l using (list_id)
        where o.tenant = p_tenant and o.number = any (p_numbers || p_number)
    ) listed
$$;
comment on function listings_of is 'the federal registry on the number that is reached, our own list on any of the person''s (Listing)';

create function is_refused(p_tenant text, p_person text, p_value text, p_channel text, p_now timestamptz) returns boolean
language sql stable as $$
    with them as materialized (
        select same_human(p_tenant, p_person, array[p_value]) as person_id
    ), theirs as materialized (
        select p_value as value union select i.value from identity i join them using (person_id) where i.tenant = p_tenant
    )
    select exists (select from own_number o join theirs t on t.value = o.number
                   where o.tenant = p_tenant and (o.until is null or p_now < own_list_end(o.until)))
        or exists (select from refusal r
                   where r.tenant = p_tenant and r.restored_at is null and r.channel = p_channel and r.reason = 'asked'
                     and (r.person_id in (select person_id from them) or r.value in (select value from theirs)))
$$;
comment on function is_refused is 'by our own do-not-call list, or because the same human asked not to be reached by this channel';

create function standing_of(p_tenant text, p_person text, p_values text[], p_now timestamptz) returns jsonb
language sql stable as $$
    with them as materialized (
        select same_human(p_tenant, p_person, p_values) as person_id
    ), theirs as materialized (
        select v.value from unnest(p_values) v (value) where v.value is not null
        union select i.value from identity i join them using (person_id) where i.tenant = p_tenant
    ), reached as materialized (
        select coalesce(p_values[1], (select facts ->> 'phone' from person where person_id = p_person and tenant = p_tenant)) as number
    )
    select jsonb_build_object(
        'do_not_call', listings_of(p_tenant, reached.number, array(select value from theirs)),
        'registry_as_of', registry_as_of(p_tenant, reached.number),
        'inquiries', coalesce((
            select jsonb_agg(jsonb_build_object('source', source, 'at', at) order by at, source)
            from (select i.asked_as as source, max(least(i.asked_at, p_now)) as at from inbox i
                  where i.person_id in (select person_id from them) and i.tenant = p_tenant and i.asked_at is not null
                  group by i.asked_as) asked
        ), '[]'),
        'last_transaction_at', (
            select max(least(at, p_now)) from (
                select o.last_transaction_at as at from person o where o.person_id in (select person_id from them)
                union all select l.closed_at from lead l
                where l.person_id in (select person_id from them) and l.tenant = p_tenant and l.outcome = 'won') bought
            where at is not null
        ),
        'refusals', coalesce((
            select jsonb_agg(jsonb_build_object('channel', channel, 'reason', reason, 'at', at) order by at, channel, reason)
            from (select channel, reason, max(least(at, p_now)) as at from refusal
                  where tenant = p_tenant and restored_at is null
                    and (person_id in (select person_id from them) or value in (select value from theirs))
                  group by channel, reason) said
        ), '[]'))
    from reached
$$;
comment on function standing_of is 'lists, refusals, inquiries and transactions of the same human (a part of History); p_values[1] is the number that is reached, else the person''s own';

alter function history_of rename to past_of;
create function history_of(
    p_tenant text, p_person text, p_lead text, p_values text[], p_now timestamptz, p_without text
) returns jsonb
language sql stable return
    past_of(p_tenant, p_person, p_lead, p_values, p_now, p_without) || standing_of(p_tenant, p_person, p_values, p_now);
comment on function history_of is 'the person''s history across leads (History): past_of and standing_of';

create function refuse_touch(p_touch text, p_claimer text) returns text
language plpgsql as $$
declare
    t touch;
begin
    select * into t from touch where touch_id = p_touch;
    if t.purpose = 'internal' or t.channel not in ('sms', 'call') then
        return null;
    end if;
    -- A refusal holds this same row until it commits: whichever comes second sees the first.
    perform from person where person_id = t.person_id for no key update;
    select * into t from touch where touch_id = p_touch for update;
    if t.state = 'cancelled' and t.because = 'refused' then
        return 'refused';
    elsif t.state = 'claimed' and t.claimed_by = p_claimer
          and is_refused(t.tenant, t.person_id, t.recipient, t.channel, t.lead_now) then
        update touch set state = 'cancelled', because = 'refused', settled_at = clock_timestamp() where touch_id = p_touch;
        return 'refused';
    end if;
    return null;
end $$;
comment on function refuse_touch is 'cancels a claimed touch of somebody who is on our own list or refused the channel; null when it may be begun';

-- migrate:down
drop function refuse_touch, history_of;
alter function past_of rename to history_of;
drop function standing_of, is_refused, listings_of, registry_as_of, own_list_end;
drop index inbox_asked;
alter table inbox drop asked_at, drop asked_as;
alter table person drop last_transaction_at;
drop table refusal, own_number, registry_exchange, registry_area, call_list;
