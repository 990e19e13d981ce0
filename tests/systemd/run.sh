#!/usr/bin/env bash
# Boots a real systemd over an overlay of this machine's own root, and lets it run Watcher's unit:
# what operation promises of the service is checked there, each line a sentence. As root; needs
# systemd-container and dbus. Nothing of this machine changes, nothing outlives it.
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
PY=$ROOT/.venv/bin/python
fail=0 checks=0
[ "$(id -u)" = 0 ] || { echo "NOT TESTED HERE: systemd needs root" >&2; exit 77; }
command -v systemd-nspawn >/dev/null || {
  echo "NOT TESTED HERE: apt-get install systemd-container dbus" >&2; exit 77; }
W=$(mktemp -d)
# What cannot be done here is said, and is not taken for a pass: exit 77.
mount -t tmpfs -o size=2g tmpfs "$W" 2>/dev/null || {
  rmdir "$W"; echo "NOT TESTED HERE: this machine lets nobody mount" >&2; exit 77; }
mkdir "$W"/{u,w,m}
R=$W/m NP=0 L=0
cleanup() {
  [ "$L" = 0 ] || kill -s RTMIN+4 "$L" 2>/dev/null # a clean power-off of the guest
  if [ "$NP" != 0 ]; then
    for _ in $(seq 80); do kill -0 "$NP" 2>/dev/null || break; sleep .25; done
    kill -9 "$NP" 2>/dev/null; wait "$NP" 2>/dev/null
  fi
  mountpoint -q "$W/m" && umount "$W/m"
  umount "$W" && rmdir "$W"
}
trap cleanup EXIT
mount -t overlay overlay -o lowerdir=/,upperdir="$W/u",workdir="$W/w" "$R" 2>/dev/null || {
  echo "NOT TESTED HERE: this machine has no overlay file system" >&2; exit 77; }

# --- the program, the unit and a configuration, as an operator would put them ---------------------
# The environment of this checkout goes to /opt/watcher as a venv of its own.
mkdir -p "$R/opt"
cp -a "$ROOT/.venv" "$R/opt/watcher"
"$PY" - "$ROOT" "$R" <<'PYTHON'
import shutil, sys
from pathlib import Path
root, guest = map(Path, sys.argv[1:])
base = Path(sys.base_prefix)
if base.is_relative_to("/root") or base.is_relative_to("/home"):  # which the service cannot see
    version = "python{}.{}".format(*sys.version_info)
    system = Path("/usr/bin", version)
    if not system.exists():
        skip = shutil.ignore_patterns("test", "__pycache__", "site-packages", "*.a", "idlelib")
        shutil.copytree(base, guest / "opt/python", symlinks=True, ignore=skip)
        system = Path("/opt/python/bin", version)
        (guest / "opt/python/needs").write_text("LD_LIBRARY_PATH=/opt/python/lib\n")
    python = guest / "opt/watcher/bin/python3"
    python.unlink()
    python.symlink_to(system)
    config = guest / "opt/watcher/pyvenv.cfg"
    config.write_text(config.read_text().replace(str(base / "bin"), str(system.parent)))
site = next((guest / "opt/watcher/lib").glob("python3*/site-packages"))
for old in site.glob("__editable__*watcher*"):
    old.unlink()
shutil.copytree(root / "watcher", site / "watcher", dirs_exist_ok=True)
for script in (guest / "opt/watcher/bin").iterdir():
    if script.is_file() and not script.is_symlink():
        text = script.read_bytes()
        if text.startswith(b"#!"):
            script.write_bytes(text.replace(bytes(root / ".venv"), b"/opt/watcher", 1))
share = guest / "opt/watcher/share/watcher/systemd"
shutil.copytree(root / "systemd", share, dirs_exist_ok=True)
PYTHON
install -D -m644 "$HERE/feed.py" "$R/opt/test/feed.py"
install -D -m644 "$HERE/hanging.py" "$R/opt/test/hanging.py"
rm -rf "$R/etc/watcher"
install -d -m700 "$R/etc/watcher/credentials"
chmod 755 "$R/etc/watcher"
(umask 077; echo whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0 >"$R/etc/watcher/credentials/hook")
cat >"$R/etc/watcher/watcher.yaml" <<'YAML'
version: 1
state: /var/lib/watcher/watcher.db
include: {feeds: [feeds.yaml], rules: [rules.yaml]}
poll: {default: 1s, min: 1s, max: 2s}
fetch: {allow_networks: [127.0.0.0/8], per_host_gap: 0s, deadline: 1s, pages: {deadline: 1s}}
channels:
  out: {type: file, path: /var/lib/watcher/alerts.jsonl}
  hook: {type: webhook, url: "https://hooks.invalid/x", secrets: [credential:hook]}
routes: {desk: {channel: out, group_wait: 0s}}
operator: desk
notify: [desk]
YAML
cat >"$R/etc/watcher/feeds.yaml" <<'YAML'
version: 1
feeds: [{id: paper, url: "http://127.0.0.1:8099/paper.xml"}]
YAML
printf 'version: 1\nrules: [{id: flood, when: flood, tests: {match: [flood]}}]\n' \
  >"$R/etc/watcher/rules.yaml"
echo "the day before" >"$R/opt/test/lines"
UNITS=$R/etc/systemd/system
mkdir -p "$UNITS/watcher.service.d"
# shorter times than in service, so that this ends; and the credential that the unit suggests
cat >"$UNITS/watcher.service.d/test.conf" <<'UNIT'
[Service]
WatchdogSec=6
EnvironmentFile=-/opt/python/needs
LoadCredential=hook:/etc/watcher/credentials/hook
UNIT
cat >"$UNITS/feed.service" <<'UNIT'
[Service]
ExecStart=/usr/bin/python3 /opt/test/feed.py 8099 /opt/test/lines
UNIT

# --- boot -----------------------------------------------------------------------------------------
systemd-nspawn -D "$R" -M "watcher$$" --register=no --keep-unit --private-network --console=pipe \
  -b </dev/null >"$W/boot.log" 2>&1 &
NP=$!
until_() { local n=$1; shift; for _ in $(seq "$n"); do "$@" && return 0; sleep .2; done; return 1; }
booted() { L=$(pgrep -P "$NP" | head -1); [ -n "$L" ] && [ -S "/proc/$L/root/run/systemd/private" ]; }
until_ 150 booted || { cat "$W/boot.log"; L=0
  echo "NOT TESTED HERE: systemd does not boot in a container of this machine" >&2; exit 77; }
x() { nsenter -t "$L" -m -u -i -n -p -C -r -w -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  LANG=C.UTF-8 SYSTEMD_PAGER= "$@"; }
up() { case $(x systemctl is-system-running) in running | degraded) ;; *) false ;; esac; }
until_ 200 up || { echo "the guest did not come up"; exit 1; }
echo "booted: $(x systemctl --version | head -1)"

# --- what is checked ------------------------------------------------------------------------------
p() { x systemctl show -p "$1" --value watcher; }
ok() { # what is, what should be, the sentence
  checks=$((checks + 1))
  if [ "$1" = "$2" ]; then echo "PASS $3"; else echo "FAIL $3: got '$1', want '$2'"; fail=1; fi
}
has() { checks=$((checks + 1)); case $1 in *"$2"*) echo "PASS $3" ;;
  *) echo "FAIL $3: no '$2' in '$1'"; fail=1 ;; esac; }
back() { [ "$(p MainPID)" != "$1" ] && [ "$(p MainPID)" != 0 ] && [ "$(p ActiveState)" = active ]; }
STATE=$R/var/lib/private/watcher
ALERTS=$STATE/alerts.jsonl
stories() { cat "$ALERTS" 2>/dev/null | grep -c '"story.matched"'; }
arrived() { [ "$(stories)" -ge "$1" ] 2>/dev/null; }
publish() { echo "$1" >>"$R/opt/test/lines"; }
log() { x journalctl -u watcher --no-pager -o cat; }

x systemctl start feed
x /opt/watcher/bin/watcher service install >/dev/null 2>"$W/installed"
has "$(cat "$W/installed")" "/etc/systemd/system/watcher.service: written" "service install writes the unit"
has "$(x /opt/watcher/bin/watcher service install 2>&1)" "is so already" "service install again changes nothing"
x systemd-analyze verify --man=no watcher.service >"$W/verify" 2>&1
ok "$? $(cat "$W/verify")" "0 " "systemd has nothing to say against the unit"
x systemctl daemon-reload
x systemctl start watcher
ok $? 0 "start returns after READY=1"
[ "$fail" = 0 ] || { log | tail -40; exit 1; }
ok "$(p ActiveState)/$(p SubState)" active/running "the service is running when start returns"
has "$(p StatusText)" "watching 1 feed with 1 rule" "STATUS tells what it is doing"
ok "$(test -s "$STATE/watcher.db" && echo there)" there "READY came after the database was made"
ok "$(x stat -c %U:%a /var/lib/private/watcher/watcher.db.sock | cut -d: -f2)" 600 "the control socket is for its user alone"
ok "$(x sh -c 'tr "\0" "\n" </proc/'"$(p MainPID)"'/environ | grep -c whsec_')" 0 "the credential is not in the environment"
ok "$(x stat -c %u /proc/"$(p MainPID)" | grep -cv '^0$')" 1 "it does not run as root"

publish "flood number one"; until_ 100 arrived 1
ok "$(stories)" 1 "an item that matches arrives by the file channel"

# reload, good and bad
printf 'version: 1\nrules: [{id: flood, when: flood}, {id: fire, when: fire}]\n' >"$R/etc/watcher/rules.yaml"
x systemctl reload watcher
ok $? 0 "a good reload is taken"
has "$(p StatusText)" "1 feed with 2 rules" "the reload is in service when the command returns"
printf 'version: 1\nrules: [{id: flood, when: flood OR}]\n' >"$R/etc/watcher/rules.yaml"
x systemctl reload watcher 2>/dev/null
ok $? 1 "a bad reload is answered with a failure"
ok "$(p ActiveState)/$(p SubState)" active/running "a bad reload leaves the service running"
has "$(log)" "rules.yaml:2" "the journal says where the fault is"
has "$(log)" "refused: the configuration before stays in service" "the answer to the reload says that the old one stays"
has "$(p StatusText)" "config:" "STATUS tells of the fault"
publish "fire by night"; until_ 100 arrived 2
ok "$(stories)" 2 "the rules from before the bad reload are in service"
until_ 50 grep -sq '"service.notice"' "$ALERTS"
ok "$(grep -c 'Configuration refused' "$ALERTS")" 1 "the operator is told of the refused configuration once"
printf 'version: 1\nrules: [{id: flood, when: flood}, {id: fire, when: fire}]\n' >"$R/etc/watcher/rules.yaml"
x systemctl kill -s HUP watcher
until_ 50 grep -sq 'good again' "$ALERTS"
ok "$(grep -c 'good again' "$ALERTS")" 1 "SIGHUP reloads too, and the operator is told that it is good again"

# a second daemon on the same state
sed 's/.*type: webhook.*//' "$R/etc/watcher/watcher.yaml" >"$R/etc/watcher/second.yaml"
second=$(x /opt/watcher/bin/watcher run -c /etc/watcher/second.yaml 2>&1); code=$?
ok "$code" 1 "a second daemon on the same state refuses"
has "$(tail -1 <<<"$second")" "process $(p MainPID), since" "it says who has it: $(tail -1 <<<"$second")"

# kill -9, three times, while items come
n=2
for round in 1 2 3; do
  a=$(p MainPID)
  publish "flood of the $round. killing"
  sleep "0.$((round * 3))"
  x kill -9 "$a"
  until_ 100 back "$a"
  n=$((n + 1))
done
ok "$(p NRestarts)" 3 "kill -9 is restarted, three times"
until_ 150 arrived "$n"; sleep 3
ok "$(stories)" "$n" "no alert is lost by kill -9"
ok "$(grep '"story.matched"' "$ALERTS" | "$PY" -c 'import json,sys
keys = [json.loads(line)["data"]["key"] for line in sys.stdin]
print(len(keys) - len(set(keys)))')" 0 "no alert is repeated after kill -9"

# a bad configuration at the start
x systemctl stop watcher
ok "$(p ActiveState)/$(p Result)" inactive/success "a stop is clean"
has "$(log | tail -3)" "stopped" "it had ended what was going on"
mv "$R/etc/watcher/rules.yaml" "$R/etc/watcher/rules.away"
x systemctl start watcher 2>/dev/null; code=$?
ok "$code $(p ExecMainStatus) $(p ActiveState)" "1 78 failed" "a bad configuration ends the start with 78"
sleep 3
ok "$(p ActiveState) $(p NRestarts)" "failed 0" "and is not started again"
mv "$R/etc/watcher/rules.away" "$R/etc/watcher/rules.yaml"

# a credential: the configuration names one, so the service that runs has read it; without it …
mv "$UNITS/watcher.service.d/test.conf" "$W/"
x systemctl daemon-reload; x systemctl reset-failed watcher
x systemctl start watcher 2>/dev/null; code=$?
ok "$code $(p ExecMainStatus)" "1 78" "without its credential the service does not start"
has "$(log | tail -20)" "LoadCredential=hook" "and says which line the unit lacks"
mv "$W/test.conf" "$UNITS/watcher.service.d/"

# a hung loop: the same program, whose polling hangs when it is told to
cat >"$UNITS/watcher.service.d/hanging.conf" <<'UNIT'
[Service]
ExecStart=
ExecStart=/opt/watcher/bin/python /opt/test/hanging.py run --config /etc/watcher/watcher.yaml
UNIT
x systemctl daemon-reload
x systemctl reset-failed watcher
x systemctl start watcher
ok "$(p ActiveState)" active "it starts again on the state that is there"
a=$(p MainPID)
sleep 8
ok "$(p MainPID)" "$a" "a loop that lives is left alone for longer than the watchdog waits"
x touch /var/lib/private/watcher/hang
x chown --reference=/var/lib/private/watcher /var/lib/private/watcher/hang
begin=$SECONDS
until_ 300 back "$a"
ok "$(p NRestarts)" 1 "a hung loop is ended by the watchdog and restarted, after $((SECONDS - begin)) s"
has "$(log)" "no sign of life from poll" "before, it had said what hung"
has "$(log; x journalctl --no-pager -o cat | tail -200)" "atchdog" "it was the watchdog"
publish "flood after the hang"; until_ 100 arrived $((n + 1))
ok "$(stories)" $((n + 1)) "it goes on where it was"

# pages are read by a process of their own, within the sandbox
cat >"$R/etc/watcher/feeds.yaml" <<'YAML'
version: 1
feeds:
  - {id: paper, url: "http://127.0.0.1:8099/paper.xml"}
  - {id: long, url: "http://127.0.0.1:8099/long.xml", full_text: true, backfill: 1}
YAML
printf 'version: 1\nrules: [{id: flood, when: flood}, {id: deluge, when: deluge}]\n' >"$R/etc/watcher/rules.yaml"
x systemctl reload watcher
n=$((n + 1))
until_ 200 arrived $((n + 1))
has "$(tail -2 "$ALERTS")" "The drains of the town" "what stands on an item's page alone is found within the sandbox (full_text)"

# the daily backup
backed_up() { ls "$STATE"/backups/watcher.db.*Z >/dev/null 2>&1; }
until_ 50 backed_up
ok "$(ls "$STATE/backups" | wc -l)" 1 "one verified backup is kept beside the state"
ok "$(stat -c %a "$STATE/backups")" 700 "and is nobody else's"

# a damaged database is mended at the start
x systemctl stop watcher
rm -f "$STATE"/backups/*; x /opt/watcher/bin/watcher backup "/var/lib/private/watcher/backups/watcher.db.20260101T000000Z" -c /etc/watcher/watcher.yaml >/dev/null
x chown --reference=/var/lib/private/watcher /var/lib/private/watcher/backups/watcher.db.20260101T000000Z
"$PY" - "$STATE/watcher.db" <<'PYTHON'
import random, sys
with open(sys.argv[1], "r+b") as file:
    for page in range(1, file.seek(0, 2) // 4096):
        file.seek(page * 4096)
        file.write(random.Random(page).randbytes(64))
PYTHON
x systemctl start watcher
ok $? 0 "a damaged database does not keep the service from starting"
ok "$(ls "$STATE" | grep -c 'watcher.db.damaged-.*-since-20260101T000000Z$')" 1 "the damaged one is kept"
until_ 50 grep -sq 'last good backup is in its place' "$ALERTS"
ok "$(grep -c 'last good backup is in its place' "$ALERTS")" 1 "the operator is told of the gap once"

# state over restarts
x systemctl restart watcher
ok "$(x sh -c '/opt/watcher/bin/python -c "import sqlite3; print(sqlite3.connect(\"/var/lib/private/watcher/watcher.db\").execute(\"select count(*) from item\").fetchone()[0])"')" "$(($(wc -l <"$R/opt/test/lines") + 1))" "the state survives restarts with DynamicUser"
x systemctl stop watcher

# the other way: a timer
x /opt/watcher/bin/watcher service install --timer >/dev/null 2>&1
mkdir -p "$UNITS/watcher-once.service.d"
cp "$UNITS/watcher.service.d/test.conf" "$UNITS/watcher-once.service.d/"; sed -i /Watchdog/d "$UNITS/watcher-once.service.d/test.conf"
x systemctl daemon-reload
publish "flood by the timer"
sleep 2
x systemctl start watcher-once.service
ok "$?" 0 "the round of the timer ends well"
ok "$(stories)" $((n + 2)) "it visits and delivers"
rm -f "$STATE"/watcher.db "$STATE"/watcher.db-wal "$STATE"/watcher.db-shm
x systemctl start watcher-once.service
ok "$?" 0 "a database that is gone keeps no round from its work"
ok "$(ls "$STATE" | grep -c 'watcher.db.missing-')" 1 "the newest backup is in its place, and that is said"

for unit in watcher watcher-once; do
  score=$(x systemd-analyze security --threshold=15 "$unit" --no-pager | tail -1; exit "${PIPESTATUS[0]}")
  ok $? 0 "exposure of $unit at most 1.5: ${score#*: }"
done
if [ "$fail" != 0 ]; then echo "--- the journal:"; log | tail -60; fi
echo "$checks checks in $SECONDS s"
exit $fail
