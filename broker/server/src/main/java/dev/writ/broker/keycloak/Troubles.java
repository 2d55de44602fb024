package dev.writ.broker.keycloak;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with a realm's document now; each is said once. */
final class Troubles {
  private static final Logger log = LoggerFactory.getLogger(Troubles.class);

  private final Map<String, String> present = new ConcurrentHashMap<>();

  void say(String what, String why) {
    if (!why.equals(present.put(what, why))) {
      log.error("{}: {}", what, why);
    }
  }

  void over(String what) {
    if (present.remove(what) != null) {
      log.info("{}: all is well again", what);
    }
  }

  /** These are all that begin with a prefix, and the others are over. */
  void only(String prefix, Map<String, String> all) {
    Set<String> names = new HashSet<>();
    all.forEach((name, why) -> {
      names.add(prefix + name);
      say(prefix + name, why);
    });
    present.keySet().stream()
        .filter(what -> what.startsWith(prefix) && !names.contains(what))
        .forEach(this::over);
  }

  Map<String, String> all() {
    return new TreeMap<>(present);
  }
}
