#!/bin/sh
# Makes deploy/secrets: for each container one folder that only that container's account can read.
#   sudo sh deploy/make-secrets.sh example.org
set -eu
domain=${1:?"usage: make-secrets.sh DOMAIN (the name after the colon in every Matrix id, for ever)"}
here=$(cd "$(dirname "$0")" && pwd)
out=$here/secrets
if [ -e "$out" ]; then
    echo "$out is there already. Its keys cannot be made a second time: nothing was changed." >&2
    exit 1
fi
umask 077
hex() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

mkdir "$out" "$out/postgres" "$out/synapse" "$out/hub"
hex >"$out/postgres/superuser"
hex >"$out/postgres/hub"
hex >"$out/postgres/synapse"

printf 'postgresql://ayni:%s@postgres/ayni\n' "$(cat "$out/postgres/hub")" >"$out/hub/database"
hex >"$out/hub/registration"

cp "$out/hub/registration" "$out/synapse/registration.key"
hex >"$out/synapse/macaroon.key"
hex >"$out/synapse/form.key"
printf 'ed25519 a_%s %s\n' "$(hex | cut -c1-4)" "$(head -c 32 /dev/urandom | base64 | tr -d '=\n')" \
    >"$out/synapse/signing.key"
printf 'postgres:5432:synapse:synapse:%s\n' "$(cat "$out/postgres/synapse")" >"$out/synapse/pgpass"
sed "s/example\.org/$domain/g" "$here/synapse/homeserver.yaml" >"$out/synapse/homeserver.yaml"
cp "$here/synapse/log.yaml" "$here/../hub/embedded/quiet.py" "$out/synapse/"

# The accounts inside the images: postgres, synapse, and the hub's (Containerfile).
if [ "$(id -u)" = 0 ]; then
    chown -R 999:999 "$out/postgres"
    chown -R 991:991 "$out/synapse"
    chown -R 10001:10001 "$out/hub"
else
    echo "Not run by root: give the folders to the containers' accounts yourself (see the end of $0)." >&2
fi
echo "Made. Copy $out to a place that is not this machine: without signing.key this homeserver cannot come back."
