package dev.writ.packaging;

import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML as the packages' files have it: mappings at the top. */
final class Yaml {
  private Yaml() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(String text) {
    return (Map<String, Object>) load().loadFromString(text);
  }

  /** Every document of a stream that is not empty. */
  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> maps(String text) {
    List<Map<String, Object>> maps = new java.util.ArrayList<>();
    load()
        .loadAllFromString(text)
        .forEach(document -> {
          if (document != null) {
            maps.add((Map<String, Object>) document);
          }
        });
    return maps;
  }

  private static Load load() {
    return new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
  }
}
