#!/usr/bin/env bash
# Once, when the database is made: a role and a database for Baton and for Temporal, neither able to read the other's.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set baton_password="$BATON_PASSWORD" --set temporal_password="$TEMPORAL_PASSWORD" <<'SQL'
create role baton login password :'baton_password';
create role temporal login password :'temporal_password';
create database baton owner baton;
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect on database baton, temporal, temporal_visibility from public;
SQL
