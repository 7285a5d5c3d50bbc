#!/usr/bin/env bash
# Proves docker-compose.yml in real containers: builds the image, starts everything, books visits,
# runs booking three times, kills one of the three meanwhile, lets a client sign in, move and cancel
# and earn cashback, checks what everybody was promised, and removes it all.
#
#   sudo deploy/containers/try-with-podman.sh
#
# For Debian and root; needs neither a Docker engine nor, where Debian's and PyPI's packages can be
# reached, an image registry. It stays in var/try-with-podman and in namespaces of its own: the
# machine's containers, firewall and ports are not touched. Debian's packages stay installed.
#
#   BASES=local   do not look for a registry, make the base images from Debian's packages
#   KEEP=1        keep images for the next time, in var/try-with-podman
set -euo pipefail

HERE=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
ROOT=$(dirname -- "$(dirname -- "$HERE")")
WORK=$ROOT/var/try-with-podman
PACKAGES=(podman runc golang-github-containernetworking-plugin-dnsname dnsmasq-base
    debootstrap iproute2 python3-venv)
NAME_SERVER=10.89.0.1 # of the first network that podman makes
PODMAN_COMPOSE=podman-compose==1.6.0
PYTHON_IMAGE=${PYTHON_IMAGE:-docker.io/library/python:3.11-slim-bookworm}
RABBITMQ_IMAGE=${RABBITMQ_IMAGE:-docker.io/library/rabbitmq:3.13}
POSTGRES_IMAGE=${POSTGRES_IMAGE:-docker.io/library/postgres:15}

main() {
    case ${1:-} in
        '')
            trap 'exit 130' INT TERM
            trap clean_up EXIT
            prepare
            # Whatever runs, is mounted or is published inside ends with this one process.
            unshare --mount --pid --fork --kill-child --mount-proc "$0" inside
            ;;
        inside)
            trap 'exit 130' INT TERM
            make_private
            configure
            make_images
            say 'Starting the containers on a network without a way out'
            unshare --net "$0" serve
            ;;
        serve)
            ip link set lo up
            ask_nobody_outside
            cd "$ROOT"
            # Nothing of the user's own settings gets into those of the compose file.
            env -i HOME="$HOME" PATH="$WORK/compose/bin:$PATH" DISABLE_HC_SYSTEMD=true \
                CONTAINERS_CONF="$CONTAINERS_CONF" CONTAINERS_STORAGE_CONF="$CONTAINERS_STORAGE_CONF" \
                PYTHON_IMAGE="$PYTHON_IMAGE" RABBITMQ_IMAGE="$RABBITMQ_IMAGE" \
                POSTGRES_IMAGE="$POSTGRES_IMAGE" KABINET_IMAGE="$KABINET_IMAGE" \
                python -B -m deploy.containers.trial
            ;;
        *) die "unknown argument: $1" ;;
    esac
}

say() { printf '\n== %s\n' "$*"; }

die() {
    echo "try-with-podman: $*" >&2
    exit 1
}

prepare() {
    [ "$(id -u)" = 0 ] || die 'needs root: it makes namespaces and file systems'
    command -v apt-get > /dev/null || die 'needs Debian'
    mkdir -p "$WORK"
    local missing=() package
    for package in "${PACKAGES[@]}"; do
        [ "$(dpkg-query -Wf '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] ||
            missing+=("$package")
    done
    if [ ${#missing[@]} != 0 ]; then
        say "Installing ${missing[*]}"
        apt-get -q update
        DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${missing[@]}"
    fi
    if [ ! -x "$WORK/compose/bin/podman-compose" ]; then
        say "Installing $PODMAN_COMPOSE into an environment of its own"
        /usr/bin/python3 -m venv "$WORK/compose"
        "$WORK/compose/bin/pip" install -q --disable-pip-version-check "$PODMAN_COMPOSE"
    fi
}

clean_up() {
    # podman's control groups; one that somebody is still in cannot be removed.
    find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*' -exec rmdir {} + 2> /dev/null || true
    if [ -n "${KEEP:-}" ]; then
        say "Images are kept in $WORK"
    else
        rm -rf --one-file-system "$WORK"
        rmdir "$ROOT/var" 2> /dev/null || true # others may have something there
        say 'Everything is removed'
    fi
}

# What podman and the network plugins write to /run and /var/lib goes to memory that ends with us.
make_private() {
    local folder
    mkdir -p "$WORK/memory"
    mount -t tmpfs tmpfs "$WORK/memory"
    for folder in run var/lib; do
        mkdir -p "$WORK/memory/$folder/"{upper,work}
        mount -t overlay overlay "/$folder" -o \
            "lowerdir=/$folder,upperdir=$WORK/memory/$folder/upper,workdir=$WORK/memory/$folder/work"
    done
}

configure() {
    export CONTAINERS_CONF=$WORK/containers.conf CONTAINERS_STORAGE_CONF=$WORK/storage.conf
    export DISABLE_HC_SYSTEMD=true # the trial asks for health itself: it needs no systemd
    cat > "$CONTAINERS_CONF" << END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
tmp_dir = "$WORK/memory/libpod"
[network]
network_backend = "cni"
network_config_dir = "$WORK/memory/networks"
default_subnet_pools = [{ base = "${NAME_SERVER%.*}.0/24", size = 24 }]
END
    cat > "$CONTAINERS_STORAGE_CONF" << END
[storage]
driver = "overlay"
graphroot = "$WORK/storage"
runroot = "$WORK/memory/storage"
END
}

# The containers' own name server is the only one in reach; whoever asks another waits for seconds.
ask_nobody_outside() {
    echo "nameserver $NAME_SERVER" > "$WORK/memory/resolv.conf"
    mount --bind "$WORK/memory/resolv.conf" /etc/resolv.conf
}

make_images() {
    # Of a trial before this one only the images are of use.
    rm -rf --one-file-system "$WORK/storage/"{libpod,volumes,overlay-containers}
    if [ "${BASES:-}" != local ] && pull_bases; then
        say 'The public base images are there'
    else
        say 'Making base images from packages of Debian'
        make_bases
    fi
    export PYTHON_IMAGE RABBITMQ_IMAGE POSTGRES_IMAGE KABINET_IMAGE=localhost/kabinet
    say 'Building the image of Kabinet'
    local ca=${PIP_CERT:-${SSL_CERT_FILE:-}}
    podman build --quiet --network host --file "$ROOT/deploy/Dockerfile" --tag "$KABINET_IMAGE" \
        --build-arg BASE="$PYTHON_IMAGE" ${ca:+--secret id=ca,src="$ca"} "$ROOT"
    podman images --filter dangling=false
}

pull_bases() {
    local image
    for image in "$PYTHON_IMAGE" "$RABBITMQ_IMAGE" "$POSTGRES_IMAGE"; do
        timeout 300 podman pull --quiet "$image" || return 1
    done
}

make_bases() {
    local debian=localhost/try/debian name
    if ! podman image exists "$debian"; then
        debootstrap --variant=minbase bookworm "$WORK/debian" > "$WORK/debootstrap.log" ||
            die "$(tail -n 5 "$WORK/debootstrap.log")"
        # No package starts a service inside.
        printf '#!/bin/sh\nexit 101\n' > "$WORK/debian/usr/sbin/policy-rc.d"
        chmod +x "$WORK/debian/usr/sbin/policy-rc.d"
        tar -C "$WORK/debian" -c . | podman import --quiet - "$debian"
        rm -rf --one-file-system "$WORK/debian"
    fi
    for name in python rabbitmq postgres; do
        podman build --quiet --network host --target "$name" --tag "localhost/try/$name" \
            --build-arg DEBIAN="$debian" "$HERE/trial/bases"
    done
    PYTHON_IMAGE=localhost/try/python RABBITMQ_IMAGE=localhost/try/rabbitmq
    POSTGRES_IMAGE=localhost/try/postgres
}

main "$@"
