#!/usr/bin/env bash
# Mutation testing of what judges the peer's bytes: plants one small fault at a time into protocol/ and runs the tests that
# reach it. A fault no test notices "survives": either it changes nothing anybody can see, or a test is missing.
#   scripts/mutate-protocol.sh [FILE…]     files of protocol/ by their bare names, for example: sign1 seal
# Works in a copy, so that the checkout is never the mutated one. The mutator is no dependency of the project: it is
# installed into DIR (ACT_EDGE_MUTATION_DIR, or a temporary one) and used again from there. Results: DIR/reports/NAME.json
# and the list of the survivors on stdout. Exit code 0 when every mutant of every file was judged.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Each file with the tests that are about it: the others reach it too, but what is right about a file its own tests shall say.
declare -A tests=(
  [cbor-strict]=cbor,cbor-encode,cbor-vectors,sign1 [cbor]=cbor,cbor-encode,cbor-vectors
  [sign1-header]=sign1-header,sign1 [sign1]=sign1,sign1-header,cose-vectors [ed25519]=ed25519,crypto
  [trust]=trust,objects [frame]=frame,sign1,version [objects]=objects,sign1 [evidence]=evidence,objects
  [layers]=layers,enrolment,key-hand-over [key-hand-over]=key-hand-over [enrolment]=enrolment
  [device-certificate]=device-certificate [cose-key]=cose-key,device-certificate
  [seal]=seal,padding [padding]=padding,seal [recipient-key]=recipient-key,seal [hpke]=hpke,hpke-vectors
)
all=(trust objects layers key-hand-over enrolment device-certificate cose-key frame seal padding recipient-key hpke evidence ed25519 sign1 sign1-header cbor-strict cbor)
files=("$@")
[ $# -gt 0 ] || files=("${all[@]}")
dir=${ACT_EDGE_MUTATION_DIR:-$(mktemp -d)}
stryker=9.6.1
mkdir -p "$dir/reports"
dir=$(cd "$dir" && pwd)

# The copy finds its packages in the folder above it, in the versions the project has.
if [ ! -d "$dir/node_modules/@stryker-mutator" ]; then
  echo '{"private":true}' >"$dir/package.json"
  (cd "$root" && node -p '
    const { dependencies, devDependencies } = require("./package.json");
    const { vitest, "fast-check": fastCheck } = devDependencies;
    const wanted = { ...dependencies, vitest, "fast-check": fastCheck };
    Object.entries(wanted).map(([name, version]) => `${name}@${version}`).join("\n")
  ') | xargs npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund \
    "@stryker-mutator/core@$stryker" "@stryker-mutator/vitest-runner@$stryker"
fi

# A fresh copy for each file: a mutator that was stopped leaves its faults behind.
copy_tree() {
  rm -rf "$dir/tree"
  mkdir -p "$dir/tree/test"
  cp -r "$root/protocol" "$root/scripts" "$dir/tree/"
  cp -r "$root/test/protocol" "$dir/tree/test/"
  rm "$dir"/tree/{protocol,scripts}/tsconfig.json # their base is not in the copy, and running needs none
  echo '{"type":"module","private":true}' >"$dir/tree/package.json"
}

# Public vectors beside the checkout, if they are there, lie beside the copy too.
if [ -d "$root/../shared/vectors" ]; then
  mkdir -p "$dir/shared"
  ln -sfn "$(cd "$root/../shared/vectors" && pwd)" "$dir/shared/vectors"
fi

status=0
for name in "${files[@]}"; do
  copy_tree
  rm -f "$dir/reports/$name.json"
  # Long sweeps (every bit, ten thousand mutations) are left out: they find by force what the tests that say why find by
  # name, and would make a run last hours.
  cat >"$dir/tree/vitest.config.ts" <<VITEST
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/protocol/{mutants,${tests[$name]:?no tests are named for $name}}.test.ts'],
    testTimeout: 60_000,
    testNamePattern: /^(?!.*(?:any one bit|any bit|mutated|any value of the profile|one or two bytes|more keys are seen))/,
  },
});
VITEST
  cat >"$dir/tree/stryker.config.json" <<JSON
{
  "testRunner": "vitest",
  "plugins": ["@stryker-mutator/vitest-runner"],
  "inPlace": true,
  "mutate": ["protocol/$name.ts"],
  "coverageAnalysis": "perTest",
  "concurrency": 1,
  "timeoutMS": 10000,
  "mutator": { "excludedMutations": ["StringLiteral"] },
  "reporters": ["json"],
  "jsonReporter": { "fileName": "$dir/reports/$name.json" },
  "allowConsoleColors": false,
  "logLevel": "error",
  "tempDirName": "$dir/tmp"
}
JSON
  (cd "$dir/tree" && "$dir/node_modules/.bin/stryker" run >"$dir/reports/$name.log" 2>&1) || { status=1; tail -n 20 "$dir/reports/$name.log"; }
  [ -f "$dir/reports/$name.json" ] || continue
  node "$root/scripts/mutate-survivors.mjs" "$dir/tree" "$dir/reports/$name.json" "$name" || status=1
done
exit "$status"
