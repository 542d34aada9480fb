# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
#
# What the project needs from the system, and a function that installs missing packages. A bash script sources it:
#
#     source tests/packages.sh
#     install_packages "${build[@]}" "${quick[@]}"

# To build the library and the QML module.
build=(g++ cmake ninja-build git qt6-base-dev libgl1-mesa-dev qt6-declarative-dev qt6-declarative-dev-tools)

# To run a QML application, with or without a display.
quick=(
    qml6-module-qtqml qml6-module-qtqml-models qml6-module-qtqml-workerscript
    qml6-module-qtquick qml6-module-qtquick-window
    qml6-module-qtquick-controls qml6-module-qtquick-templates qml6-module-qtquick-layouts qml6-module-qtquick-shapes
    fontconfig fonts-dejavu-core
)

# To run the tests.
tests=(qml6-module-qttest xvfb xauth libboost-dev python3 util-linux procps dpkg-dev file pkg-config zsh ccache)

# To run the tests of sources and of compiled code, the tests with another compiler, and to build the benchmarks.
checks=(libbenchmark-dev clang libclang-rt-dev clang-format clang-tidy doxygen valgrind binutils)

# To run the benchmarks, with all that they compare.
benchmarks=(libbenchmark-dev libboost-dev qt6-remoteobjects-dev dbus-daemon python3)

# Peers of streams. The benchmarks go without those that are missing.
stream_peers=(libiceoryx-posh-dev iceoryx libzmq3-dev liblcm-dev)

# Peers of plots, and what draws by geometry without a screen. The benchmarks go without those that are missing.
plot_peers=(libqcustomplot-dev qt6-charts-dev xvfb xauth)

# To build for Windows and run the result, and to build Qt for it.
windows=(g++-mingw-w64-x86-64-posix wine wine64 cmake ninja-build)
windows_qt=(qt6-base-dev-tools dpkg-dev)

# Installs the named packages that are missing. On other systems than Debian or Ubuntu it only says which tools it would
# have searched for, and returns non-zero.
install_packages()
{
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "Cannot install packages here. What Debian 12 calls by these names is needed: $*" >&2
        return 1
    fi

    local package missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Run this as root once: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi

    echo "Installing ${missing[*]}" >&2
    local options=(-q -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    local attempt
    for attempt in 1 2 3; do
        # The update is part of the attempt: a missing package may only be newer than the lists.
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" update >&2 \
            && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install -y \
                --no-install-recommends "${missing[@]}" >&2 \
            && return 0
        echo "Attempt $attempt to install packages failed." >&2
    done
    return 1
}

# Installs the reader of MCAP files by the format's authors, an npm package, into the named folder. Without npm or the package a
# test skips.
install_mcap_reader()
{
    local package=@mcap/core@2.2.2
    [ ! -e "$1/node_modules/@mcap/core/package.json" ] || return 0
    command -v npm >/dev/null || { echo "No npm: goes on without $package." >&2; return 0; }
    mkdir -p "$1"
    timeout 120 npm install --no-save --no-package-lock --no-audit --no-fund --prefix "$1" "$package" >&2 \
        || echo "npm cannot install $package: goes on without it." >&2
}
