#!/bin/sh
# On an empty folder: makes the cluster and runs what lies in /docker-entrypoint-initdb.d, on a
# server that only this container reaches. Then becomes the command, which is the server.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    password_file=$(mktemp)
    printf '%s' "$POSTGRES_PASSWORD" > "$password_file"
    initdb --pwfile "$password_file" --auth-local peer --auth-host scram-sha-256
    rm "$password_file"
    echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"

    pg_ctl --wait --options="-c listen_addresses=''" start
    for script in /docker-entrypoint-initdb.d/*; do
        if [ -e "$script" ]; then sh "$script"; fi
    done
    pg_ctl --wait stop
fi

exec "$@" -c listen_addresses='*'
