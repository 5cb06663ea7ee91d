#!/usr/bin/env bash
# Runs the tests of protocol/ on several Node versions and compares what each says of every test: signatures, keys and
# encodings must get the same verdict everywhere (T22), and hosts have disagreed about Ed25519 before.
#   scripts/node-versions.sh [VERSION…]     20, 22, 24 and 26 unless others are named
# Each version comes as an npm package into DIR (ACT_EDGE_NODE_DIR, or a temporary one); the project depends on none of
# them. Exit code 0 when all tests passed on all versions and no verdict differs.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
versions=("$@")
[ $# -gt 0 ] || versions=(20 22 24 26)
dir=${ACT_EDGE_NODE_DIR:-$(mktemp -d)}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
# The package `node` fetches this one in an install script; naming it needs no script.
package=node-$(node -p 'process.platform + "-" + process.arch')

status=0
for version in "${versions[@]}"; do
  node="$dir/$version/node_modules/$package/bin/node"
  [ -x "$node" ] || npm install --prefix "$dir/$version" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$version" >/dev/null
  echo "node-versions: test/protocol on $("$node" --version)" >&2
  (cd "$root" && "$node" node_modules/vitest/vitest.mjs run test/protocol --reporter=json --outputFile="$dir/$version.json" </dev/null >"$dir/$version.log" 2>&1) || status=1
done

node - "$dir" "${versions[@]}" <<'COMPARE' || status=1
const { readFileSync } = require('node:fs');
const [dir, ...versions] = process.argv.slice(2);
const verdicts = new Map();
for (const version of versions) {
  const { testResults } = JSON.parse(readFileSync(`${dir}/${version}.json`, 'utf8'));
  const counts = {};
  for (const file of testResults) {
    // A file that does not load has no tests in it, which is a verdict as well.
    const tests = file.assertionResults.length > 0 ? file.assertionResults : [{ fullName: 'loads', status: file.status }];
    for (const [index, { fullName, status }] of tests.entries()) {
      counts[status] = (counts[status] ?? 0) + 1;
      const name = `${file.name.split('/').pop()} #${index} ${fullName}`;
      verdicts.set(name, { ...verdicts.get(name), [version]: status });
    }
  }
  console.log(`Node ${version}: ${Object.entries(counts).map(([status, count]) => `${count} ${status}`).join(', ')}`);
}
const differing = [...verdicts].filter(([, by]) => new Set(versions.map((version) => by[version])).size > 1);
for (const [name, by] of differing) console.log(`differs: ${name}: ${versions.map((v) => `${v} ${by[v] ?? 'absent'}`).join(', ')}`);
console.log(`${verdicts.size} tests, ${differing.length} with different verdicts`);
process.exitCode = differing.length > 0 ? 1 : 0;
COMPARE
exit "$status"
