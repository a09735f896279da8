-- Runs before new code: it only adds.
-- Touches nobody knew the outcome of, settled by a person: who said so, under which key.

-- migrate:up
alter table touch add settled_by text, add settled_key text;
comment on column touch.settled_by is 'who settled it, where a person did; a vendor''s later word may have moved it on since';
create index touch_unsettled on touch (tenant, created_at) where state in ('claimed', 'sending', 'unknown');

-- migrate:down
drop index touch_unsettled;
alter table touch drop settled_by, drop settled_key;
