#!/bin/sh
# Runs once, when the database server is made: one role and database for Redress, one role for Temporal, which makes its own.
# psql quotes the passwords itself (:'name'), so that they may hold any character.
set -eu
psql -v ON_ERROR_STOP=1 -v redress="$REDRESS_DATABASE_PASSWORD" -v temporal="$TEMPORAL_DATABASE_PASSWORD" \
  --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE redress LOGIN PASSWORD :'redress';
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal';
CREATE DATABASE redress OWNER redress;
REVOKE CONNECT ON DATABASE redress FROM PUBLIC;
SQL
