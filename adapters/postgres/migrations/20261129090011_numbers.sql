-- Runs before new code: it only adds, and claim_of answers more.
-- Which of our numbers a text goes from, and when it is its turn there (decision 0027). Every moment here is the server's.

-- migrate:up
alter table touch add column service text;
comment on column touch.service is 'the messaging service a text goes by; sender is empty until the vendor says which number it chose';
create index touch_sender on touch (tenant, sender, created_at) where channel = 'sms';

create or replace function claim_of(t touch, p_fresh boolean) returns jsonb
language sql stable return jsonb_build_object(
    'touch_id', t.touch_id, 'state', t.state, 'fresh', p_fresh and t.state = 'claimed', 'vendor_id', t.vendor_id,
    'error', case when t.state = 'cancelled' then t.because else t.error end,
    'sending_since', t.sending_since, 'listings', t.listings,
    'intent', jsonb_build_object(
        'touch_id', t.touch_id, 'key', t.key, 'tenant', t.tenant, 'lead_id', t.lead_id, 'person_id', t.person_id,
        'channel', t.channel, 'purpose', t.purpose, 'recipient', t.recipient, 'sender', t.sender, 'service', t.service,
        'body', t.body, 'template', t.template, 'lead_now', t.lead_now, 'heard', t.heard));

create table sender_pace (
    tenant  text not null,
    sender  text not null,
    free_at timestamptz not null,
    primary key (tenant, sender)
);
comment on table sender_pace is 'from when on a number, or a service that chooses one, may send again';

create table sender_day (
    tenant   text not null,
    day      date not null,
    sender   text not null,
    segments integer not null,
    primary key (tenant, day, sender)
);
comment on table sender_day is 'SMS segments that were given their turn, by the day that caps count by';

create table waiting_text (
    touch_id text primary key,
    tenant   text not null,
    sender   text not null,
    rank     integer not null,
    segments integer not null,
    asked_at timestamptz not null,
    back_at  timestamptz not null
);
comment on table waiting_text is 'texts whose turn has not come; back_at: when they were told to ask again';
create index waiting_text_order on waiting_text (tenant, sender, rank, asked_at);

create table text_burst (
    alert_id    text primary key default uuidv7()::text,
    tenant      text not null,
    sender      text not null,
    waiting     integer not null,
    per_second  numeric not null,
    last_in     interval not null,
    promised    interval not null,
    recorded_at timestamptz not null default clock_timestamp(),
    tries       integer not null default 0,
    tried_at    timestamptz,
    settled_at  timestamptz,
    over_at     timestamptz
);
comment on table text_burst is 'more texts than a number can send in the time that was promised: one row until none waits any more';
create unique index text_burst_open on text_burst (tenant, sender) where over_at is null;

create function whole_day(p_zone text, p_now timestamptz) returns tstzrange
language sql stable return tstzrange(
    date_trunc('day', p_now at time zone p_zone) at time zone p_zone,
    (date_trunc('day', p_now at time zone p_zone) + interval '1 day') at time zone p_zone);
comment on function whole_day is 'the day in a zone that a moment is in';

-- A function, because all of it has to see what was committed while it waited for its tenant's turn.
create function text_turn(p jsonb, p_now timestamptz) returns jsonb
language plpgsql as $$
declare
    v_tenant text := p ->> 'tenant';
    v_sender text := p ->> 'sender';
    v_touch  text := p ->> 'touch_id';
    v_rank   integer := (p ->> 'rank')::integer;
    v_size   integer := (p ->> 'segments')::integer;
    v_rate   numeric := (p ->> 'per_second')::numeric;
    v_day    date := (p_now at time zone (p ->> 'zone'))::date;
    v_asked  timestamptz;
    v_free   timestamptz;
    v_before integer;
    v_wait   interval;
begin
    perform pg_advisory_xact_lock(hashtextextended('turn:' || v_tenant, 0));
    if exists (
        select from sender_day where tenant = v_tenant and day = v_day
        having coalesce(sum(segments) filter (where sender = v_sender), 0) + v_size > (p ->> 'per_day')::integer
            or coalesce(sum(segments), 0) + v_size > (p ->> 'all_per_day')::integer
    ) then
        delete from waiting_text where touch_id = v_touch;
        return jsonb_build_object('granted', false, 'full', true,
                                  'wait', extract(epoch from upper(whole_day(p ->> 'zone', p_now)) - p_now));
    end if;
    if v_rate is not null then
        -- Who did not come back when told to has gone another way: a stop, a reply, the end of their lead.
        delete from waiting_text where tenant = v_tenant and sender = v_sender and back_at < p_now - interval '5 seconds';
        insert into waiting_text (touch_id, tenant, sender, rank, segments, asked_at, back_at)
        values (v_touch, v_tenant, v_sender, v_rank, v_size, p_now, p_now)
        on conflict (touch_id) do update set sender = excluded.sender, rank = excluded.rank, segments = excluded.segments
        returning asked_at into v_asked;
        select coalesce(sum(segments), 0) into v_before from waiting_text
        where tenant = v_tenant and sender = v_sender and (rank, asked_at, touch_id) < (v_rank, v_asked, v_touch);
        select free_at into v_free from sender_pace where tenant = v_tenant and sender = v_sender;
        v_free := greatest(v_free, p_now);
        v_wait := v_free - p_now + make_interval(secs => v_before / v_rate);
        if v_wait > interval '0' then
            update waiting_text set back_at = p_now + v_wait where touch_id = v_touch;
            perform note_burst(p, v_wait, v_free - p_now);
            return jsonb_build_object('granted', false, 'full', false, 'wait', extract(epoch from v_wait));
        end if;
        insert into sender_pace (tenant, sender, free_at) values (v_tenant, v_sender, v_free + make_interval(secs => v_size / v_rate))
        on conflict (tenant, sender) do update set free_at = excluded.free_at;
        delete from waiting_text where touch_id = v_touch;
        update text_burst set over_at = p_now
        where tenant = v_tenant and sender = v_sender and over_at is null
          and not exists (select from waiting_text w where w.tenant = v_tenant and w.sender = v_sender);
    end if;
    insert into sender_day (tenant, day, sender, segments) values (v_tenant, v_day, v_sender, v_size)
    on conflict (tenant, day, sender) do update set segments = sender_day.segments + excluded.segments;
    return jsonb_build_object('granted', true, 'full', false, 'wait', 0);
end $$;
comment on function text_turn is 'whether a text may go now from a number, hotter ones first; else when to ask again. A turn that is given is spent';

create function note_burst(p jsonb, p_wait interval, p_until_free interval) returns void
language sql as $$
    insert into text_burst (tenant, sender, waiting, per_second, last_in, promised)
    select p ->> 'tenant', p ->> 'sender', count(*), (p ->> 'per_second')::numeric,
           p_until_free + make_interval(secs => (sum(w.segments) - (p ->> 'segments')::integer) / (p ->> 'per_second')::numeric),
           make_interval(secs => (p ->> 'target')::numeric)
    from waiting_text w
    where w.tenant = p ->> 'tenant' and w.sender = p ->> 'sender' and w.rank <= (p ->> 'rank')::integer
      and p_wait > make_interval(secs => (p ->> 'promised')::numeric)
    having count(*) > 0
    on conflict (tenant, sender) where over_at is null do update set
        waiting = greatest(text_burst.waiting, excluded.waiting), last_in = greatest(text_burst.last_in, excluded.last_in)
$$;
comment on function note_burst is 'a text will be later than it was promised: whoever sweeps tells the supervisors, once until no text waits';

-- migrate:down
drop function text_turn, note_burst, whole_day;
drop table text_burst, waiting_text, sender_day, sender_pace;
drop index touch_sender;
create or replace function claim_of(t touch, p_fresh boolean) returns jsonb
language sql stable return jsonb_build_object(
    'touch_id', t.touch_id, 'state', t.state, 'fresh', p_fresh and t.state = 'claimed', 'vendor_id', t.vendor_id,
    'error', case when t.state = 'cancelled' then t.because else t.error end,
    'sending_since', t.sending_since, 'listings', t.listings,
    'intent', jsonb_build_object(
        'touch_id', t.touch_id, 'key', t.key, 'tenant', t.tenant, 'lead_id', t.lead_id, 'person_id', t.person_id,
        'channel', t.channel, 'purpose', t.purpose, 'recipient', t.recipient, 'sender', t.sender, 'body', t.body,
        'template', t.template, 'lead_now', t.lead_now, 'heard', t.heard));
alter table touch drop column service;
