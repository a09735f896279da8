-- Runs before new code: it only adds.
-- People: all personal data hangs on person, so erasing a person is erasing rows. Opt-outs outlive the person on purpose.

-- migrate:up
create table setting (
    key   text primary key,
    value jsonb not null
);
comment on table setting is 'clock_offset (seconds, embedded stack only), kill_switch (true stops every touch of a person)';

create table person (
    person_id       text primary key default uuidv7()::text,
    tenant          text not null,
    name            text,
    facts           jsonb not null,
    active_deal     boolean not null default false,
    active_sequence boolean not null default false,
    crm_owner       text,
    crm_id          text,
    last_owner      text,
    last_contact_at timestamptz,
    last_reply_at   timestamptz,
    last_reply_lead text,
    last_words      text,
    created_at      timestamptz not null default now()
);
comment on column person.last_contact_at is 'in the clock of the lead of that time; last_reply_at in that of last_reply_lead';

create table identity (
    tenant    text not null,
    kind      text not null check (kind in ('phone', 'email')),
    value     text not null,
    person_id text not null references person on delete cascade,
    is_first  boolean not null,
    primary key (tenant, kind, value, person_id)
);
comment on table identity is 'who gave which number or address; whoever gave it first is found by it, and all who gave it may be one human';
create unique index identity_first on identity (tenant, kind, value) where is_first;
create index identity_person on identity (person_id);

create table consent (
    consent_id  bigint generated always as identity primary key,
    tenant      text not null,
    person_id   text not null references person on delete cascade,
    row_id      text not null,
    given       jsonb not null,
    at          timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index consent_person on consent (person_id, consent_id);

create table opt_out (
    tenant      text not null,
    person_id   text not null,
    value       text not null,
    row_id      text,
    at          timestamptz not null,
    restored_at timestamptz,
    recorded_at timestamptz not null default now()
);
comment on table opt_out is 'one row per identity value of the person, so that a number stays opted out whoever gives it next';
create index opt_out_person on opt_out (tenant, person_id) where restored_at is null;
create index opt_out_value on opt_out (tenant, value) where restored_at is null;

create table behaviour (
    tenant    text not null,
    person_id text not null references person on delete cascade,
    row_id    text not null,
    number    integer not null,
    kind      text not null,
    page      text,
    at        timestamptz not null,
    primary key (row_id, number)
);
create index behaviour_person on behaviour (person_id, at desc);

-- migrate:down
drop table behaviour, opt_out, consent, identity, person, setting;
