#!/bin/sh
# Runs once, inside the PostgreSQL container: one role and database for the hub, one for Synapse, each closed
# to the other. Passwords are read by psql itself, so that no command line holds them.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -d postgres <<'SQL'
\set hub `cat /secrets/hub`
\set synapse `cat /secrets/synapse`
CREATE ROLE ayni LOGIN PASSWORD :'hub';
CREATE ROLE synapse LOGIN PASSWORD :'synapse';
CREATE DATABASE ayni OWNER ayni;
CREATE DATABASE synapse OWNER synapse TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C';
REVOKE ALL ON DATABASE ayni, synapse, postgres, template1 FROM PUBLIC;
SQL
