#!/usr/bin/env bash
# Makes a checkout ready: packages from the lock file, Debian packages, the build in dist/.
# Safe to run again and again: when all is there it prints nothing and takes about as long as an empty `tsc -b`.
# Everything it says goes to stderr, so that `npm run --silent demo -- --json` leaves nothing but JSON on stdout.
#
#   scripts/setup.sh          what the demo needs, and the build
#   scripts/setup.sh --test   what the tests need; test.sh builds by itself, as one of its checks
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Debian package = the file or command that shows it is there; probing these is quicker than dpkg and works elsewhere too.
demo_packages=(
  'pocketsphinx=pocketsphinx_continuous'
  'pocketsphinx-en-us=/usr/share/pocketsphinx/model/en-us'
  'espeak-ng=espeak-ng'
)
test_packages=(
  "${demo_packages[@]}"
  'mosquitto=mosquitto'
  'openssl=openssl'
  'postgresql=pg_ctlcluster'
  'unifont=/usr/share/unifont/unifont.hex'
  'chromium=/usr/bin/chromium'
  'python3-cryptography=/usr/lib/python3/dist-packages/cryptography'
  "libudev1=/usr/lib/$(uname -m)-linux-gnu/libudev.so.1"
  "libusb-1.0-0=/usr/lib/$(uname -m)-linux-gnu/libusb-1.0.so.0"
)

check_node() {
  command -v node >/dev/null || stop 'Node.js is not installed; install Node.js 20.19 or newer and run this again'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    stop "Node.js $(node --version) is too old; install Node.js 20.19 or newer and run this again"
}

# Install scripts are left out under every npm: all native parts are optional and bring prebuilt binaries, so that no
# compiler is needed. npm writes .package-lock.json last: an interrupted installation is repeated.
install_modules() {
  local done_marker=node_modules/.package-lock.json
  if [[ -f $done_marker && ! package-lock.json -nt $done_marker && -x node_modules/.bin/tsc ]]; then return; fi
  say 'installing the packages of package-lock.json'
  npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error >&2 </dev/null ||
    stop 'npm ci failed; the reason is above'
}

is_there() {
  case $1 in
    /*) [[ -e $1 ]] ;;
    *) [[ -n $(PATH="$PATH:/usr/sbin:/sbin" command -v "$1") ]] ;;
  esac
}

apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >&2 </dev/null
}

# A missing Debian package is no reason to stop: the demo takes --text, and tests that need one say so and are skipped.
install_debian_packages() {
  local entry missing=() as_root=()
  for entry in "$@"; do is_there "${entry#*=}" || missing+=("${entry%%=*}"); done
  if ((${#missing[@]} == 0)); then return; fi

  local by_hand="sudo apt-get install --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    say "not found: ${missing[*]} (names of the Debian packages); going on without"
    return
  fi
  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      say "going on without ${missing[*]}; to install: $by_hand"
      return
    fi
    as_root=(sudo -n)
  fi
  say "installing Debian packages: ${missing[*]}"
  # The package lists are fetched only when the ones at hand are missing or too old to serve.
  apt_get install -y --no-install-recommends "${missing[@]}" 2>/dev/null ||
    { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } ||
    say "going on without ${missing[*]}; to install: $by_hand"
}

# An incremental build may repeat an error that is mended already; only a forced one is believed.
build() {
  local tsc=node_modules/.bin/tsc
  "$tsc" -b scripts >/dev/null || "$tsc" -b --force scripts >&2 || stop 'the build failed; the reason is above'
}

case ${1-} in
  '') wanted=demo ;;
  --test) wanted=test ;;
  *) say "unknown option $1; it takes --test or nothing"; exit 2 ;;
esac

check_node
install_modules
if [[ $wanted == test ]]; then
  install_debian_packages "${test_packages[@]}"
  # Takes about ten minutes the first time and nothing afterwards; without it the tests on a real kernel HID path are skipped.
  if [[ -n ${ACT_EDGE_UML_BUILD-} ]]; then
    bash scripts/kernel-hid.sh --prepare >/dev/null || say 'going on without a kernel for the HID tests'
  fi
else
  install_debian_packages "${demo_packages[@]}"
  build
fi
