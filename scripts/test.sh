#!/usr/bin/env bash
# The whole gate: formatting and lint, the compiler, every test, random worlds. Arguments are passed on to vitest (`npm test -- protocol`).
# The last line is `N passed, N failed`: the tests, and one for each static check. Exit code 0 only if nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CI=true

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0
failed=0

# check NAME COMMAND…: runs one static check, and goes on whatever it says, so that one run shows everything.
check() {
  local name=$1
  shift
  if "$@" </dev/null; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'test: the check "%s" failed\n' "$name" >&2
  fi
}

# An incremental build may repeat an error that is mended already; only a forced one is believed.
types() { node_modules/.bin/tsc -b >/dev/null || node_modules/.bin/tsc -b --force; }

# Counts what vitest wrote. A file that could not be loaded has no tests in it and counts as one failure, and so does a
# run that went wrong without a failed test (an unhandled error, a crash before the report).
count() {
  node -e '
    const { readFileSync } = require("node:fs");
    const [file, exitCode] = process.argv.slice(1);
    let report = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
    try { report = JSON.parse(readFileSync(file, "utf8")); } catch {}
    const unloaded = report.testResults.filter((r) => r.status === "failed" && r.assertionResults.every((a) => a.status !== "failed"));
    const failed = report.numFailedTests + unloaded.length;
    console.log(report.numPassedTests, failed === 0 && exitCode !== "0" ? 1 : failed);
  ' "$1" "$2"
}

bash scripts/setup.sh --test || { printf '0 passed, 1 failed\n'; exit 1; }

check lint node_modules/.bin/biome ci --colors=off --error-on-warnings .
check types types

worlds() { timeout --kill-after=10 1800 node dist/scripts/act-edge.js sim fuzz "$@"; }

# tests NAME ARGUMENT…: runs vitest and adds up what it says.
# A test that never gives the processor back cannot be stopped from inside; without a limit the gate would hang with it.
tests() {
  local name=$1 tests_passed tests_failed
  shift
  timeout --kill-after=10 3000 node_modules/.bin/vitest run --reporter=default --reporter=json --outputFile.json="$results/$name.json" "$@" </dev/null
  read -r tests_passed tests_failed < <(count "$results/$name.json" "$?")
  passed=$((passed + tests_passed))
  failed=$((failed + tests_failed))
}

if (($# > 0)); then
  tests named "$@"
else
  # protocol/ is measured by its own tests alone: a line that only a purchase happens to reach has no requirement behind it.
  tests protocol --coverage --coverage.reportsDirectory="$results/coverage" test/protocol
  tests others --exclude 'test/protocol/**'
  # Twenty thousand random worlds, on all cores; each run also falls short when something that can occur did not.
  check worlds worlds --seeds 18000 --seed gate
  check 'delegated worlds' worlds --seeds 2000 --seed gate --delegated
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
