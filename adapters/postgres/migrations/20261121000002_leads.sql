-- Runs before new code: it only adds.
-- The inbox, the leads' read model with their story, decisions with what they were made from, and the rotation.

-- migrate:up
create table inbox (
    row_id          text primary key default uuidv7()::text,
    tenant          text not null,
    channel         text not null,
    source_event_id text not null,
    received_at     timestamptz not null default now(),
    at              timestamptz,
    payload         jsonb not null,
    state           text not null
                    check (state in ('received', 'undecided', 'captured', 'dispatched', 'kept', 'rejected')),
    ref             jsonb,
    lead_id         text,
    person_id       text,
    dispatched_at   timestamptz,
    tries           integer not null default 0,
    tried_at        timestamptz,
    last_error      text,
    unique (tenant, channel, source_event_id)
);
comment on column inbox.at is 'the lead''s clock; received_at, dispatched_at and tried_at are the server''s';
create index inbox_left_behind on inbox (received_at) where state in ('received', 'undecided', 'captured');
create index inbox_lead on inbox (lead_id);
create index inbox_person on inbox (person_id);

create table lead (
    lead_id        text primary key,
    tenant         text not null,
    person_id      text not null references person on delete cascade,
    row_id         text not null,
    source         text not null,
    test           boolean not null default false,
    stage          text not null,
    owner          text,
    queue          text,
    band           text,
    score          integer not null default 0,
    motion         text,
    cycle          integer not null default 1,
    next_action_at timestamptz,
    next_action    text,
    sla_due_at     timestamptz,
    breached       boolean not null default false,
    outcome        text,
    policy_hash    text,
    opened_at      timestamptz not null,
    closed_at      timestamptz,
    first_touch_at timestamptz,
    contacted_at   timestamptz,
    clock_offset   interval not null default '0',
    clock_ahead    interval not null default '0',
    seq            integer not null default 0,
    start          jsonb not null,
    state          jsonb not null,
    recorded_at    timestamptz not null default now()
);
comment on column lead.start is 'what the workflow starts from; state is the newest the records have';
create unique index lead_open on lead (tenant, person_id) where closed_at is null;
create index lead_listed on lead (tenant, opened_at desc, lead_id desc);
create index lead_owned on lead (tenant, owner) where closed_at is null;
create index lead_person on lead (person_id);

create table lead_event (
    tenant      text not null,
    lead_id     text not null references lead on delete cascade,
    cycle       integer not null,
    seq         integer not null,
    at          timestamptz not null,
    kind        text not null,
    data        jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (lead_id, seq)
);

create table decision (
    decision_id text primary key,
    tenant      text not null,
    lead_id     text not null references lead on delete cascade,
    kind        text not null,
    at          timestamptz not null,
    policy_hash text not null,
    facts       jsonb not null,
    decision    jsonb not null,
    trace       jsonb not null,
    recorded_at timestamptz not null default clock_timestamp()
);
create index decision_lead on decision (lead_id, recorded_at);

create table assignment (
    number      bigint generated always as identity primary key,
    tenant      text not null,
    lead_id     text not null references lead on delete cascade,
    decision_id text not null,
    rep         text not null,
    at          timestamptz not null
);
comment on table assignment is 'every offer to a rep, numbered: the rotation''s memory';
create index assignment_rep on assignment (tenant, rep, number);

create function hand_back(p_lead text, p_remembered integer) returns void
language sql as $$
    update inbox i set state = 'undecided', lead_id = null, ref = null, tried_at = null, last_error = 'the lead closed first'
    from lead l, lateral (select array(select jsonb_array_elements_text(l.state -> 'seen')) as seen) s
    where l.lead_id = p_lead and i.lead_id = p_lead and i.row_id <> l.row_id
      and i.state in ('captured', 'dispatched')
      and i.ref ->> 'kind' in ('inquiry', 'joined', 'behaviour', 'reply')
      and i.row_id <> all (s.seen)
      and (cardinality(s.seen) < p_remembered
           or i.row_id > (select min(one) from unnest(s.seen) one where one ~ '^[0-9a-f]{8}-'))
$$;
comment on function hand_back is 'messages that a closed lead was never told wait to be captured again; one it may have forgotten, of the p_remembered newest it remembers, is left alone';

-- migrate:down
drop function hand_back;
drop table assignment, decision, lead_event, lead, inbox;
