# Sourced by the scripts beside it: where the project lies, and how they speak.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Says what is being done, on standard error, since standard output belongs to results.
say() { printf '==> %s\n' "$*" >&2; }

# Ends with one sentence that says what to do; status 3: this machine could not be used.
stop() {
  printf '%s\n' "$*" >&2
  exit 3
}

# Every build checks that a module imports only what Package.swift lists for it.
build_options=(--explicit-target-dependency-import-check error)
