#!/bin/sh
# Runs once, inside the PostgreSQL container: one role and database for the hub, one for Synapse, each closed
# to the other. The hub's password is the one in its database address.
set -eu
hub_password=$(sed -n 's#^postgresql://ayni:\([^@]*\)@.*#\1#p' /run/secrets/hub_database)
synapse_password=$(cat /run/secrets/synapse_database)
psql -v ON_ERROR_STOP=1 -v hub="$hub_password" -v synapse="$synapse_password" -U postgres <<'SQL'
CREATE ROLE ayni LOGIN PASSWORD :'hub';
CREATE ROLE synapse LOGIN PASSWORD :'synapse';
CREATE DATABASE ayni OWNER ayni;
CREATE DATABASE synapse OWNER synapse TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';
REVOKE CONNECT ON DATABASE ayni, synapse FROM PUBLIC;
SQL
