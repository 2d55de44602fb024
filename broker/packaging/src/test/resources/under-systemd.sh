#!/bin/bash
# under-systemd.sh INSTALLATION UNIT FOLDER: a systemd of its own, as the first process of namespaces of its own, runs the
# broker's unit until it is ready, looks at it, stops it, and writes what it saw to FOLDER/seen.
set -eu
installation=$1 unit=$2 folder=$3

if [ -z "${INSIDE:-}" ]; then
  env INSIDE=yes unshare --mount --pid --fork --kill-child --mount-proc --uts --ipc --net --cgroup bash "$0" "$@" &
  namespaces=$!
  until [ -e "$folder/done" ] || ! kill -0 "$namespaces" 2>/dev/null; do sleep 1; done
  kill -KILL "$namespaces" 2>/dev/null || true # what is in them ends with it
  exit 0
fi
mount --make-rprivate / # nothing of this is seen outside
mount --make-rshared /
mount -t tmpfs tmpfs /run
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
for empty in /opt /etc/systemd/system; do mount -t tmpfs tmpfs "$empty"; done
for empty in /etc/writ /var/lib/private /var/cache/private; do
  mkdir -p "$empty"
  mount -t tmpfs -o mode=0700 tmpfs "$empty"
done
chmod 755 /etc/writ
mkdir /opt/writ
mount --bind "$installation" /opt/writ
mkdir -m 700 /etc/writ/credentials
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out /etc/writ/credentials/root.pem
echo 'keys: { root: "file:/run/credentials/writ.service/secret_root.pem" }' >/etc/writ/writ.yaml
# Nothing but the broker is started, and what it says goes to a file.
: >"$folder/said"
sed '/^Wants=/d; /^After=/d; s/^\[Unit\]/&\nDefaultDependencies=no/
  s|^Type=exec|&\nStandardOutput=append:'"$folder"'/said\nStandardError=inherit|' "$unit" >/etc/systemd/system/writ.service
(
  for _ in $(seq 150); do
    if grep -q 'Writ is ready' "$folder/said"; then break; fi
    sleep 1
  done
  ip link set lo up
  {
    curl -sS -o /dev/null -w 'ready %{http_code}\n' http://127.0.0.1:9000/health/ready
    grep -E '^(NoNewPrivs|Seccomp|CapEff):' "/proc/$(systemctl show -P MainPID writ)/status"
    echo "cached $(find /var/cache/private/writ/jvm -name writ-serve.aot -size +1M | wc -l)"
    systemctl stop writ
    systemctl show -p Result -p ExecMainStatus -p ActiveState writ
  } >"$folder/seen" 2>&1
  touch "$folder/done"
) &
export container=test
exec /lib/systemd/systemd --system --unit=writ.service --log-target=console --log-level=warning --default-standard-output=inherit
