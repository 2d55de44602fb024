# Sourced by mvnw and writ: find_jdk prints the home of a JDK 25, or says how to get one.

is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[.\"]' "$1/release"
}

find_jdk() {
  on_path=$(command -v javac 2>/dev/null || true)
  [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
  for home in "${WRIT_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/*jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/*; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      echo "$home"
      return 0
    fi
  done
  echo "JDK 25 was not found in WRIT_JAVA_HOME, JAVA_HOME, PATH or the usual places. Install one (any vendor) and set JAVA_HOME to it." >&2
  return 1
}
