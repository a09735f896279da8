-- Runs before new code: it only adds.
-- What a rep says of a person whom they hand over on the phone. Personal data, so it is no part of a call's state.

-- migrate:up
create table call_note (
    call_id     text not null references call (call_id) on delete cascade,
    note_id     text not null,
    words       text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (call_id, note_id)
);
comment on table call_note is 'words that go with something done to a call under way; a call holds their id';

create index call_recorded on call (tenant, created_at) where state ->> 'recording' is not null;

-- migrate:down
drop index call_recorded;
drop table call_note;
