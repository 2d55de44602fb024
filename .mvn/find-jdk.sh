# Sourced by mvnw and both writ launchers: find_jdk prints the home of a JDK 25, or says how to get one; find_java is
# content with a JRE.

is_java_25() {
  [ -x "$1/bin/$2" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[.\"]' "$1/release"
}

# find_home PROGRAM: the home of the first Java 25 that has it.
find_home() {
  on_path=$(command -v "$1" 2>/dev/null || true)
  [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
  for candidate in "${WRIT_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/*jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.sdkman/candidates/java/*; do
    if [ -n "$candidate" ] && is_java_25 "$candidate" "$1"; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

find_jdk() {
  find_home javac && return
  echo "JDK 25 was not found in WRIT_JAVA_HOME, JAVA_HOME, PATH or the usual places. Install one (any vendor) and set JAVA_HOME to it." >&2
  return 1
}

find_java() {
  find_home java && return
  echo "Java 25 was not found in WRIT_JAVA_HOME, JAVA_HOME, PATH or the usual places. Install a JRE or JDK 25 (any vendor) and set JAVA_HOME to it." >&2
  return 1
}
