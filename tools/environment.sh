#!/usr/bin/env bash
# Makes .venv from the committed lock: exact versions with their hashes, and Watcher itself.
# Needs Python 3.11 or newer. Debian keeps venv in a package of its own; as root it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null &&
     "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Watcher needs Python 3.11 or newer: apt-get install python3 python3-venv" >&2
  exit 1
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing python3-venv, which Debian keeps apart from python3" >&2
    apt-get -qq update && apt-get -qq install -y python3-venv >/dev/null
  else
    echo "this Python has no venv: run 'sudo apt-get install python3-venv' and try again" >&2
    exit 1
  fi
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
  rm -rf .venv
  "$python" -m venv .venv
fi
install() { .venv/bin/python -m pip --disable-pip-version-check -q install --retries 5 "$@"; }
# The lock is complete, so pip resolves nothing: an extra that a package names (coverage[toml])
# would otherwise make pip look for a newer release, which no hash in the lock can match.
install --no-deps --require-hashes -r requirements/lock.txt
install --no-deps --no-build-isolation -e .
touch .venv/ready
