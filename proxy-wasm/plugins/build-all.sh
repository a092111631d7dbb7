#!/bin/sh
# Builds all guests from their sources, with the tools that are there:
#   WAT             wat2wasm (wabt)
#   C               clang (14 or newer) and lld
#   Rust            rustc with the target wasm32-unknown-unknown, and lld
#   AssemblyScript  node and npm; installs the compiler that package-lock.json names
# Built modules are committed beside their sources, so that tests need none of this.
#
#   build-all.sh [directory]    writes them there instead, to compare
set -eu
case ${1:-} in
--help | -h)
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit
  ;;
esac
cd "$(dirname "$0")"
target=${1:-}
missing=

out() {
  if [ -n "$target" ]; then echo "$target/$1.wasm"; else echo "$1/$1.wasm"; fi
}

first() {
  for tool in "$@"; do
    if command -v "$tool" >/dev/null 2>&1; then echo "$tool"; return; fi
  done
}

skip() {
  missing="$missing $1"
  echo "skipped $1: $2" >&2
}

wat() {
  if [ -n "$(first wat2wasm)" ]; then
    wat2wasm "$1/$1.wat" -o "$(out "$1")"
  else
    skip "$1" "needs wat2wasm"
  fi
}

c() {
  clang=$(first clang-19 clang)
  if [ -n "$clang" ] && [ -n "$(first wasm-ld-19 wasm-ld)" ]; then
    "$clang" --target=wasm32 -Os -Wall -Wextra -Werror -ffreestanding -nostdlib -I kits/c \
      -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=8192 "$1/$1.c" -o "$(out "$1")"
  else
    skip "$1" "needs clang and wasm-ld"
  fi
}

rust() {
  rustc=${RUSTC:-rustc}
  linker=$(first rust-lld wasm-ld-14 wasm-ld-19 wasm-ld)
  work=$(mktemp -d)
  if [ -n "$linker" ] && "$rustc" --target wasm32-unknown-unknown --edition 2021 -C opt-level=s \
    -C panic=abort --crate-name headgate --crate-type rlib kits/rust/headgate/src/lib.rs \
    --out-dir "$work" 2>"$work/log"; then
    "$rustc" --target wasm32-unknown-unknown --edition 2021 -D warnings -C opt-level=s \
      -C panic=abort -C lto -C strip=symbols -C linker="$linker" -C link-arg=-zstack-size=8192 \
      --crate-type cdylib --crate-name "$(echo "$1" | tr - _)" \
      --extern headgate="$work/libheadgate.rlib" "$1/$1.rs" -o "$(out "$1")"
  else
    cat "$work/log" >&2
    skip "$1" "needs rustc with wasm32-unknown-unknown, and wasm-ld"
  fi
  rm -r "$work"
}

assemblyscript() {
  if [ -z "$(first npm)" ]; then
    skip "$1" "needs node and npm"
    return
  fi
  if [ ! -d node_modules ] && ! npm ci --ignore-scripts --no-audit --no-fund; then
    skip "$1" "npm can't install the compiler"
    return
  fi
  npx --no-install asc "$1/$1.ts" -O3s --noAssert --runtime incremental \
    --use abort=kits/assemblyscript/headgate/abort --outFile "$(out "$1")"
}

wat example-logger
c header-modifier
c body-rewriter
rust request-counter
rust auth-gate
assemblyscript custom-response

[ -z "$missing" ] || { echo "not built:$missing" >&2; exit 3; }
