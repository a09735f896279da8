-- Runs before new code: it only adds.
-- What else a decision was made from, so that stored inputs alone lead to it again, and an index to read them by age.

-- migrate:up
alter table decision add column asked jsonb, add column engine text not null default '';
comment on column decision.asked is 'the later question (Followup); null for a triage, and for one kept before questions were';
comment on column decision.engine is 'the build that judged: version of the package and digest of its judging code';
create index decision_recorded on decision (tenant, recorded_at, decision_id);

-- migrate:down
drop index decision_recorded;
alter table decision drop column asked, drop column engine;
