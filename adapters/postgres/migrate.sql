-- name: lock: one process migrates at a time; whether it is us, until the connection closes
select pg_try_advisory_lock(8315172930251846)

-- name: tables: dbmate's own table, and beside it what each applied file was
create table if not exists schema_migrations (version varchar(255) primary key);
create table if not exists schema_digest (version varchar(255) primary key, sha256 text not null)

-- name: applied: the applied versions, with their files' digests where known
select version, sha256 from schema_migrations left join schema_digest using (version)

-- name: record: one version was applied
insert into schema_migrations (version) values ($1)

-- name: digest: what an applied file is
insert into schema_digest (version, sha256) values ($1, $2) on conflict do nothing
