#!/bin/sh
# Builds the guests of the tests from their sources, with wat2wasm (wabt). The modules are committed,
# so that tests don't need it. Without a check, since some are invalid on purpose.
set -eu
case ${1:-} in
--help | -h)
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit
  ;;
esac
cd "$(dirname "$0")"
for source in *.wat; do
  wat2wasm --no-check --enable-threads --enable-tail-call "$source" -o "${source%.wat}.wasm"
done
