#!/usr/bin/env bash
# Installs what tests ask for besides Python: Postfix and Dovecot, which they start for themselves,
# promtool, which comes with Prometheus, Alertmanager, a browser, and a clock that can be turned; from
# Debian, as root.
# Their own services are not wanted and not started.
set -euo pipefail

packages=(
  postfix dovecot-imapd dovecot-lmtpd prometheus prometheus-alertmanager chromium fonts-liberation faketime
)
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  exit 0
fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "as root, on Debian or its like: apt-get install ${missing[*]}" >&2
  exit 1
fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
