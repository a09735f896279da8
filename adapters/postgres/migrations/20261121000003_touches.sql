-- Runs before new code: it only adds.
-- The touch ledger. No foreign keys: it must take a row, and keep it, whatever becomes of the lead.

-- migrate:up
create table touch (
    touch_id      text primary key,
    key           text not null,
    tenant        text not null,
    lead_id       text not null,
    person_id     text not null,
    channel       text not null,
    purpose       text not null,
    recipient     text not null,
    sender        text not null,
    template      text,
    body          text not null,
    lead_now      timestamptz not null,
    heard         timestamptz,
    state         text not null check (state in
                  ('planned', 'claimed', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'cancelled')),
    claimed_by    text,
    claimed_at    timestamptz,
    sending_since timestamptz,
    deadline      interval,
    vendor_id     text,
    vendor_status text,
    error         text,
    listings      integer not null default 0,
    settled_at    timestamptz,
    because       text,
    created_at    timestamptz not null default clock_timestamp(),
    unique (tenant, key)
);
comment on column touch.lead_now is 'the lead''s clock, as is heard; every other moment here is the server''s';
comment on column touch.heard is 'the newest reply known to who ordered the touch: a newer one stops it';
create index touch_vendor on touch (vendor_id) where vendor_id is not null;
create index touch_person on touch (person_id, lead_now);
create index touch_lead on touch (lead_id, created_at);

create table delivery (
    tenant        text not null,
    vendor_id     text not null,
    status        text not null,
    vendor_status text not null,
    touch_id      text,
    error         text,
    recorded_at   timestamptz not null default now(),
    primary key (tenant, vendor_id, status, vendor_status)
);
comment on table delivery is 'every different callback once, matched to a touch or not';

create function touch_rank(state text) returns integer
language sql immutable parallel safe return
    case state when 'planned' then 0 when 'claimed' then 1 when 'sending' then 2 when 'unknown' then 3
               when 'sent' then 4 when 'failed' then 5 when 'delivered' then 6 when 'cancelled' then 7 end;
comment on function touch_rank is 'a touch only ever moves up';

create function claim_of(t touch, p_fresh boolean) returns jsonb
language sql stable return jsonb_build_object(
    'touch_id', t.touch_id, 'state', t.state, 'fresh', p_fresh and t.state = 'claimed', 'vendor_id', t.vendor_id,
    'error', case when t.state = 'cancelled' then t.because else t.error end,
    'sending_since', t.sending_since, 'listings', t.listings,
    'intent', jsonb_build_object(
        'touch_id', t.touch_id, 'key', t.key, 'tenant', t.tenant, 'lead_id', t.lead_id, 'person_id', t.person_id,
        'channel', t.channel, 'purpose', t.purpose, 'recipient', t.recipient, 'sender', t.sender, 'body', t.body,
        'template', t.template, 'lead_now', t.lead_now, 'heard', t.heard));
comment on function claim_of is 'a touch as a Claim';

create function is_older_attempt(p_claimer text, p_than text) returns boolean
language sql immutable parallel safe return
    regexp_replace(p_claimer, ':\d+$', '') = regexp_replace(p_than, ':\d+$', '')
    and substring(p_claimer from ':(\d+)$')::bigint < substring(p_than from ':(\d+)$')::bigint;
comment on function is_older_attempt is 'of one activity: claimers are "<activity>:<attempt>"';

-- migrate:down
drop function is_older_attempt, claim_of, touch_rank;
drop table delivery, touch;
