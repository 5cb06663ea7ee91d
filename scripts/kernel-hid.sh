#!/usr/bin/env bash
# Runs the HID tests on a real Linux kernel: user-mode Linux, started as a program of this user, in which one process plays
# the signer through /dev/uhid and node-hid opens it through /dev/hidraw*. No hardware, no root, no KVM, about two seconds.
#   scripts/kernel-hid.sh [--no-build]     runs the cases of test/kernel-hid/, one line of stdout for each:
#                                          `ok NAME` or `not ok NAME: why`
#   scripts/kernel-hid.sh --prepare        finds the kernel, or builds it, and prints its path
# The kernel is the file ACT_EDGE_UML names; else ../shared/tools/linux-uml-uhid beside the checkout; else the one in
# ${XDG_CACHE_HOME:-~/.cache}/act-edge/, which kernel-hid-build.sh makes unless --no-build says not to.
# Exit codes: 0 every case held; 1 one did not, or the guest failed; 2 misuse; 3 not possible here, the reason is on stderr.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Longest run in seconds; a good one takes two.
limit_s=120
memory_mb=512

say() { printf 'kernel-hid: %s\n' "$*" >&2; }
cannot() { say "$*"; exit 3; }

find_kernel() {
  local cached="${XDG_CACHE_HOME:-$HOME/.cache}/act-edge/linux-uml-uhid" candidate
  if [ -n "${ACT_EDGE_UML:-}" ]; then
    [ -x "$ACT_EDGE_UML" ] || cannot "ACT_EDGE_UML names $ACT_EDGE_UML, which is no program"
    kernel=$(realpath "$ACT_EDGE_UML")
    return
  fi
  for candidate in "$root/../shared/tools/linux-uml-uhid" "$cached"; do
    # One that was built for another machine is passed over.
    if [ -x "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
      kernel=$(realpath "$candidate")
      return
    fi
  done
  [ "$may_build" = yes ] || cannot 'there is no user-mode kernel with uhid; scripts/kernel-hid.sh --prepare builds one in about eight minutes'
  bash "$root/scripts/kernel-hid-build.sh" "$cached"
  kernel=$cached
}

# Where the guest's memory lies: a file that is mapped as code too. /dev/shm is best where it is large enough; in a container
# it often has 64 MB, and a guest that uses more of it dies without a word.
find_memory() {
  local folder free_kb
  for folder in /dev/shm "${TMPDIR:-/tmp}"; do
    [ -w "$folder" ] || continue
    free_kb=$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')
    if ((free_kb > (memory_mb + 64) * 1024)) && ! findmnt -nro OPTIONS -T "$folder" 2>/dev/null | grep -qw noexec; then
      memory=$folder
      return
    fi
  done
  cannot "the guest needs $memory_mb MB in /dev/shm or \${TMPDIR:-/tmp}, not mounted noexec"
}

check_host() {
  [ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || cannot "user-mode Linux needs Linux on x86_64, and this is $(uname -s) $(uname -m)"
  [ -d "$root/node_modules/node-hid" ] || cannot 'the optional package node-hid is not installed; npm install'
  local library known
  known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p)
  for library in libudev.so.1 libusb-1.0.so.0; do
    [[ $known == *"$library"* ]] || cannot "node-hid needs $library; to install: sudo apt-get install libudev1 libusb-1.0-0"
  done
}

may_build=yes
mode=run
case ${1-} in
  '') ;;
  --no-build) may_build=no ;;
  --prepare) mode=prepare ;;
  *) say "unknown option $1; it takes --no-build, --prepare or nothing"; exit 2 ;;
esac
[ $# -le 1 ] || { say 'it takes one option at most'; exit 2; }

find_kernel
if [ "$mode" = prepare ]; then
  echo "$kernel"
  exit 0
fi
check_host
find_memory

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Node 20 runs no TypeScript; the guest reads what is compiled here, as its files are this machine's.
"$root/node_modules/.bin/tsc" --ignoreConfig --noCheck --skipLibCheck --rewriteRelativeImportExtensions --types node \
  --module nodenext --target es2023 --rootDir "$root" --outDir "$work" "$root/test/kernel-hid/guest.ts" >&2
echo '{"type":"module"}' >"$work/package.json"
ln -s "$root/node_modules" "$work/node_modules"

# The first process of the guest. /dev may have been mounted by the kernel. Power-off by the kernel's own key, as not every
# system has a program for it.
cat >"$work/init" <<INIT
#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
export PATH='$PATH' HOME=/ NO_COLOR=1
echo 'kernel-hid: guest started'
'$(command -v node)' '$work/test/kernel-hid/guest.js'
echo "kernel-hid: guest ended \$?"
echo o >/proc/sysrq-trigger
sleep 10
INIT
chmod +x "$work/init"

# On one processor: user-mode Linux has one, and moving about costs it half its speed.
processor=$(taskset -pc $$ | sed 's/.*: *\([0-9]*\).*/\1/')
TMPDIR=$memory timeout --kill-after=5 "$limit_s" taskset -c "$processor" "$kernel" mem="${memory_mb}M" \
  rootfstype=hostfs rootflags=/ ro init="$work/init" con0=fd:0,fd:1 con=null quiet </dev/null 2>&1 |
  sed -u 's|\r$||' | tee "$work/console" | grep --line-buffered -E '^(ok|not ok) ' || true

if grep -qx 'kernel-hid: guest ended 0' "$work/console"; then exit 0; fi
# The kernel says what the machine denies it before it starts anything: the rights of a debugger, memory that may be run.
if ! grep -qx 'kernel-hid: guest started' "$work/console" &&
  grep -qiE 'ptrace|PROT_EXEC|not permitted' "$work/console"; then
  tail -n 5 "$work/console" >&2
  cannot 'user-mode Linux may not run here; what it said is above'
fi
grep -vE '^(ok|not ok) ' "$work/console" | tail -n 20 >&2
say 'the guest did not end well; the last lines of its console are above'
exit 1
