#!/usr/bin/env bash
# Builds the kernel the HID tests run on: user-mode Linux from Debian's source, with a HID device that a program can play
# (uhid) and the node a host opens (hidraw). Debian's own user-mode kernel has neither.
#   scripts/kernel-hid-build.sh FILE      the kernel, stripped, about 6 MB
# Takes about eight minutes on two cores and 2 GB below ${TMPDIR:-/tmp}, which are given back. Installs what is missing of
# the compiler's tools where it may (root or sudo without password); the source is only unpacked, never installed.
# Exit codes: 0 built; 1 the build failed; 2 misuse; 3 not possible on this machine, the reason is on stderr.
set -euo pipefail

say() { printf 'kernel-hid-build: %s\n' "$*" >&2; }
cannot() { say "$*"; exit 3; }

[ $# -eq 1 ] || { say 'it takes one argument, the file to build'; exit 2; }
out=$(realpath -m "$1")
source_package=linux-source-6.1
# Command = Debian package that brings it.
tools=(gcc=gcc make=make flex=flex bison=bison bc=bc xz=xz-utils)

[ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || cannot "user-mode Linux needs Linux on x86_64, and this is $(uname -s) $(uname -m)"
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || cannot 'the source comes from Debian packages, and apt-get is not here'

missing=()
for tool in "${tools[@]}"; do command -v "${tool%%=*}" >/dev/null || missing+=("${tool#*=}"); done
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
if ((${#missing[@]} > 0)); then
  as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  say "installing Debian packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 </dev/null ||
    cannot "not found: ${missing[*]}; to install: sudo apt-get install --no-install-recommends ${missing[*]}"
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree"

archive=/usr/src/$source_package.tar.xz
if [ ! -e "$archive" ]; then
  say "fetching $source_package (140 MB)"
  # apt would download as a user of its own, who may not write into a private directory, and warn about it.
  apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$source_package" >&2 || cannot "apt-get cannot fetch $source_package; apt-get update may help"
  dpkg-deb --fsys-tarfile "$source_package"_*.deb | tar -x -O "./usr/src/$source_package.tar.xz" >source.tar.xz
  rm "$source_package"_*.deb
  archive=source.tar.xz
fi
say 'unpacking'
tar -xf "$archive" --strip-components=1

say "configuring and compiling on $(nproc) core(s); the log is printed if it fails"
# HIDRAW is what node-hid opens, UHID plays the device, HOSTFS gives the guest this machine's files, DEVTMPFS its device nodes.
wanted=(HID HIDRAW UHID HID_GENERIC HOSTFS DEVTMPFS MAGIC_SYSRQ)
configure() {
  # The default configuration, not the smallest one: in that, Node.js hangs.
  make ARCH=um defconfig || return
  for option in "${wanted[@]}"; do scripts/config --enable "$option" || return; done
  make ARCH=um olddefconfig || return
  for option in "${wanted[@]}"; do
    grep -qx "CONFIG_$option=y" .config || { echo "CONFIG_$option cannot be enabled"; return 1; }
  done
}
{ configure && make ARCH=um -j"$(nproc)" linux && strip linux; } >build.log 2>&1 ||
  { tail -n 30 build.log >&2; say 'the build failed; its last lines are above'; exit 1; }

# The file appears whole or not at all, whoever else builds it.
mkdir -p "$(dirname "$out")"
cp linux "$out.$$"
mv "$out.$$" "$out"
say "built $out"
