# Calls a service again and again, over mutual TLS; a line for each call. A token belongs to the certificate that it was
# asked for with: where that was renewed in between, the service says 401, and a new token is asked for.
cd "$WRIT_AGENT_DIR" || exit 1 # curl cuts the name of a certificate's file at a colon
call() {
  token=$("$WRIT_AGENT" token --audience https://deploy.internal) || return
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl -sS -o /dev/null -w '%{http_code}' -K - --cacert "$RESOURCE_CA" --cert identity.pem "$RESOURCE/deployments"
}
n=0
until [ -e "$UNTIL" ]; do
  n=$((n + 1))
  status=$(call)
  [ "$status" != 401 ] || status=$(call)
  [ "$status" = 200 ] && echo ok || echo "FAILED call $n: $status"
  sleep 0.5
done
