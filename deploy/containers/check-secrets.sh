#!/bin/sh
# Refuses secrets that cannot work or that everybody knows. It is the first container to run, and
# nothing else starts before it has ended well: a server remembers the password of its first start.
set -eu

refuse() {
    echo "kabinet: cannot start: $1; docs/containers.md says how to make one" >&2
    exit 1
}

for name in $(env | sed -n 's/^\([A-Z_]*_\(PASSWORD\|SECRET\)\)=.*/\1/p' | sort); do
    value=
    eval "value=\$$name"
    case $value in
        *[!A-Za-z0-9._~-]*) refuse "$name has a character that an address may not have" ;;
    esac
    [ "$KABINET_ENV" = production ] || continue
    case $value in
        everybody-knows-*) refuse "$name is the one for development" ;;
    esac
    [ "${#value}" -ge 16 ] || refuse "$name is shorter than 16 characters"
done
