#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# The part of tests/distributions/run that mounts. It runs as root, in mount and process namespaces of its own.
#
#     inside.sh SUITE whole|short|brief MIRROR CACHE
set -euo pipefail
suite=$1
mode=$2
mirror=$3
cache=$4
tree=$PWD
root=$cache/$suite

# The keys that apt trusts on this machine, as one keyring: without armour, which debootstrap's gpgv does not read.
collect_keys()
{
    local file
    for file in /usr/share/keyrings/debian-archive-*.gpg /usr/share/keyrings/debian-archive-*.pgp /etc/apt/trusted.gpg \
        /etc/apt/trusted.gpg.d/* /etc/apt/keyrings/*; do
        case $file in
            *.asc) awk '/^$/ { inside = 1; next } /^(=|-----END)/ { inside = 0 } inside' "$file" | base64 -d ;;
            *) [ ! -f "$file" ] || cat "$file" ;;
        esac
    done
}

step()
{
    printf '\n== %s: %s (%s)\n' "$suite" "$1" "$(date +%H:%M:%S)"
}

trusted=()
options=()
if grep -rqsiE '^[^#]*trusted *[=:] *yes' /etc/apt/sources.list /etc/apt/sources.list.d; then
    trusted=('[trusted=yes]')
    options=(--no-check-gpg)
fi
collect_keys >"$cache/keys.gpg"

if [ ! -e "$root" ]; then
    step "debootstrap"
    rm -rf --one-file-system "$root.new"
    debootstrap --variant=minbase --cache-dir="$cache/packages" --keyring="$cache/keys.gpg" "${options[@]}" \
        "$suite" "$root.new" "$mirror" >"$cache/$suite.log" || { tail -n 20 "$cache/$suite.log"; exit 1; }
    mv "$root.new" "$root"
fi

# A root that a program finds like a machine's root: what the kernel shows, devices, and shared memory of its own. It is a mount of its
# own, as / is on a machine, because some tests mount in it.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do
    ln -s "/proc/self/fd/${number%:*}" "$root/dev/${number#*:}"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir -p "$root/run/lock"
find "$root/tmp" -mindepth 1 -delete

# The compiler's cache and the packages are this machine's.
compilations=$(ccache --get-config cache_dir 2>/dev/null) || compilations=$cache/ccache
mkdir -p "$compilations" "$root/var/cache/ccache"
mount --bind "$compilations" "$root/var/cache/ccache"
mkdir -p "$cache/packages/partial"
mount --bind "$cache/packages" "$root/var/cache/apt/archives"

cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
echo "deb ${trusted[*]} $mirror $suite main" >"$root/etc/apt/sources.list"
cp "$cache/keys.gpg" "$root/etc/apt/trusted.gpg.d/machine.gpg"
{
    apt-config dump | grep -E '^(Acquire::(http|https|ftp|Retries|Check|Allow|ForceIPv)|APT::Get::AllowUnauthenticated)' || true
    echo 'Binary::apt-get::APT::Keep-Downloaded-Packages "true";'
    echo 'APT::Keep-Downloaded-Packages "true";'
    if [[ $mirror == https:* ]] && [ -f /etc/ssl/certs/ca-certificates.crt ]; then
        cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/apt/machine.crt"
        echo 'Acquire::https::CaInfo "/etc/apt/machine.crt";'
    fi
} >"$root/etc/apt/apt.conf.d/90machine"
# Nothing that is installed starts a service.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"

# Committed and uncommitted files. An existing build folder stays. An unchanged file keeps its time, and any other is as
# new as this run: with its time on this machine, it could seem older than what an earlier run has built of its
# predecessor.
project=/root/sharedsegment
before=/root/sharedsegment.before
rm -rf "${root:?}$before"
[ ! -e "$root$project" ] || mv "$root$project" "$root$before"
mkdir -p "$root$project" "$root$before"
if git -c safe.directory="$tree" rev-parse --git-dir >/dev/null 2>&1; then
    git -c safe.directory="$tree" ls-files -z --cached --others --exclude-standard |
        while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done
else
    find . \( -path ./build -o -path './examples/*/build' \) -prune -o ! -type d -print0
fi | tar --create --null --files-from=- | tar --extract --touch --no-same-owner --directory="$root$project"
(cd "$root$project" && find . -type f -print0 | while IFS= read -r -d '' file; do
    ! cmp --quiet "$file" "$root$before/$file" || touch --reference="$root$before/$file" "$file"
done) 2>/dev/null
[ ! -e "$root$before/build" ] || mv "$root$before/build" "$root$project/build"
rm -rf "${root:?}$before"

enter()
{
    local variable variables=()
    for variable in http_proxy https_proxy no_proxy; do
        [ -z "${!variable-}" ] || variables+=("$variable=${!variable}")
    done
    chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb LANG=C.UTF-8 CCACHE_DIR=/var/cache/ccache \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${variables[@]}" \
        /bin/bash -c 'cd "$0" && exec "$@"' "$project" "$@" </dev/null
}

step "examples/run"
enter ./examples/run /tmp/dashboard.png
picture=$tree/build/distributions/$suite.png
mkdir -p "$(dirname "$picture")"
cp "$root/tmp/dashboard.png" "$picture"
echo "The dashboard on $suite: $picture"

if [ "$mode" = whole ]; then
    step "tests/run"
    enter ./tests/run
else
    step "the $mode tests of the preset release-tests"
    enter ./tests/distributions/short.sh "$mode"
fi
step "done"
