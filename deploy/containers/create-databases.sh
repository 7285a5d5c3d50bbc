#!/bin/sh
# A database for each service, and a role that owns it and may enter no other.
#
# PostgreSQL's image runs it once, on an empty volume, as the superuser. A service's password is
# in its own variable, such as BOOKING_DATABASE_PASSWORD.
set -eu

create() { # service, password
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" \
        --dbname postgres --set service="$1" --set password="$2" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
}

create auth "$AUTH_DATABASE_PASSWORD"
create booking "$BOOKING_DATABASE_PASSWORD"
create loyalty "$LOYALTY_DATABASE_PASSWORD"
create notify "$NOTIFY_DATABASE_PASSWORD"
