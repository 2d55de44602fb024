# shellcheck shell=sh disable=SC2154 # the scripts that source this set what it uses
# Sourced by the checkout's `writ` and by an installation's: becomes the JVM with the options that fit a command, and makes
# the caches by which it starts quicker. They set JAVA_HOME and
#   home          where this program is
#   broker_jar    no cache is older than this file, nor than the libraries in its folder or one below
#   plugin_jar    the same of the key providers' jar
#   class_path    of the broker alone
#   caches        the folder of the caches

# What only asks and answers starts quickest with little compiling.
quick_start='-XX:+UseSerialGC -XX:TieredStopAtLevel=1'
# What serves for months compiles well. A cache fits the collector that it was made with, hence one for each. Keys are in
# its memory: nobody attaches to it, and it leaves no picture of itself when it crashes (docs/hardening.md).
serving='-XX:+UseParallelGC -XX:+DisableAttachMechanism -XX:-HeapDumpOnOutOfMemoryError -XX:-CreateCoredumpOnCrash'
# Native code is allowed (ACCP, Netty); the JVM's own warnings do not belong into what programs read.
safe='--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xlog:disable -Xlog:all=error,aot=off:stderr'

# Two at once would write into each other's files. To be called in a subshell, which holds the lock until it ends.
lock() {
  mkdir -p "$caches"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$caches/writ-build.lock"
    flock 9
  fi
}

# A JVM goes on without a cache that another build of it made. One that was made for another folder, though, can end it
# at its first class of a sealed package.
made_for() {
  printf '%s\n' "$home"
  cat "$JAVA_HOME/release"
}

# is_trained CACHE: whether it was made, or tried, here, by this Java and after all jars: the JVM takes it with no others.
is_trained() {
  [ -f "$1" ] && made_for | cmp -s - "$1.for" &&
    [ -z "$(find "${broker_jar%/*}" "${plugin_jar%/*}" -maxdepth 2 -name '*.jar' -newer "$1")" ]
}

# train CACHE WHAT RUN: lets the JVM remember what a short run loads and compiles (JEP 514): a third less time for the next
# ones. Nothing needs the cache: a JVM that it does not fit goes on without, and an empty one says that it could not be made.
train() (
  lock
  if is_trained "$1"; then exit 0; fi
  echo "writ: preparing a quicker start$2, once." >&2
  cd "$caches" && rm -f "$1" "$1.for" # not overwritten: who runs with the old one keeps it
  rm -rf writ-training && mkdir -p writ-training/policies
  printf '%s\n' 'name: training' 'lifetime: { agent: 1h, credential: 5m }' 'launch: [ operator ]' \
    'grants: [ { internal: { audience: "https://a", scopes: [ a ] } } ]' >writ-training/policies/training.yaml
  "$3" || :
  rm -rf writ-training
  [ -s "$1" ] || : >"$1"
  made_for >"$1.for"
)

# practise JVM-OPTION... -- ARGUMENT...: runs the command line so that the JVM remembers it.
practise() {
  remember=
  while [ "$1" != -- ]; do
    remember="$remember $1"
    shift
  done
  shift
  # shellcheck disable=SC2086 # several options in one variable
  exec "$JAVA_HOME/bin/java" $remember $safe -cp "$class_path" dev.writ.broker.Main "$@" </dev/null 9>&-
}

practise_a_command() {
  # shellcheck disable=SC2086 # several options in one variable
  (practise $quick_start -XX:AOTCacheOutput=writ.aot -- \
    policy try --file writ-training/policies/training.yaml --audience https://a --json) >/dev/null 2>&1
}

# Until it is ready, on ports that are free and data that are thrown away.
practise_serving() {
  : >writ-training/out # what runs beside this may be slower than the first look into it
  # shellcheck disable=SC2086 # several options in one variable
  (practise $serving -XX:AOTCacheOutput=writ-serve.aot -- serve --port 0 --management-port 0 \
    --policies writ-training/policies --data writ-training/data) >writ-training/out 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null; exit 1' INT TERM HUP
  seconds=0
  until grep -q '^Writ is ready' writ-training/out || ! kill -0 "$server" 2>/dev/null || [ "$seconds" -ge 60 ]; do
    sleep 1
    seconds=$((seconds + 1))
  done
  kill "$server" 2>/dev/null || :
  wait "$server"
}

# find_cache NAME WHAT RUN: $cache is the one of that name, made now where it can be; empty where there is none.
find_cache() {
  cache=$caches/$1
  if is_trained "$cache"; then return; fi
  if [ -w "$caches" ]; then train "$cache" "$2" "$3" || :; fi
  is_trained "$cache" || cache=
}

find_cache_for_commands() {
  find_cache writ.aot '' practise_a_command
}

find_cache_for_serving() {
  find_cache writ-serve.aot ' of the broker' practise_serving
}

# become_java JVM-OPTIONS MAIN [ARGUMENT...]: with the $cache that was found.
become_java() {
  if [ -s "$cache" ]; then remembered=-XX:AOTCache=$cache; else remembered=-Xshare:auto; fi
  options=$1
  shift
  terminal=false
  if [ -t 1 ]; then terminal=true; fi
  # shellcheck disable=SC2086 # several options in one variable
  exec "$JAVA_HOME/bin/java" $options $safe "$remembered" "-Dwrit.home=$home" "-Dwrit.terminal=$terminal" \
    ${WRIT_JAVA_OPTS:-} -cp "$class_path" "$@"
}

# become_broker ARGUMENT...: the command line of the broker.
become_broker() {
  case ${1:-} in
    serve)
      find_cache_for_serving
      # shellcheck disable=SC3045 # dash, busybox and bash all know -c
      ulimit -c 0 2>/dev/null || :
      become_java "$serving" dev.writ.broker.Main "$@"
      ;;
    *)
      find_cache_for_commands
      become_java "$quick_start" dev.writ.broker.Main "$@"
      ;;
  esac
}
