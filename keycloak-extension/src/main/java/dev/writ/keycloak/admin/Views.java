package dev.writ.keycloak.admin;

import dev.writ.document.Json;
import dev.writ.keycloak.store.Listing;
import dev.writ.keycloak.store.Summary;
import dev.writ.keycloak.store.Version;
import dev.writ.policy.Change;
import dev.writ.policy.Comparison;
import dev.writ.policy.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Policies and their versions as answers show them. */
final class Views {
  private Views() {}

  /** One version with its content. */
  static Map<String, Object> whole(Version version, boolean isCurrent) {
    Policy policy = version.policy();
    Map<String, Object> view = head(version);
    view.put("current", isCurrent);
    view.put("policy", new Json.Written(version.canonical()));
    view.put("yaml", policy.toYaml());
    view.put("flags", Summary.flags(policy));
    return view;
  }

  /** One version without its content. */
  static Map<String, Object> ofHistory(Version version) {
    Map<String, Object> view = head(version);
    view.remove("name");
    return view;
  }

  /** A line of the list, as JSON. */
  static Json.Written line(Listing.Entry entry) {
    String head = Json.write(head(entry.newest()));
    return new Json.Written(
        head.substring(0, head.length() - 1) + "," + entry.summary().substring(1));
  }

  static Map<String, Object> head(Version version) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", version.name());
    view.put("version", version.version());
    view.put("author", version.author());
    view.put("at", version.at().toString());
    view.put("comment", version.comment());
    view.put("deleted", version.deleted());
    version.restoredFrom().ifPresent(from -> view.put("restored_from", from));
    return view;
  }

  static Map<String, Object> comparison(Version from, Version to) {
    Policy before = from.policy();
    Policy after = to.policy();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("from", from.version());
    view.put("to", to.version());
    view.put("changes", changes(Comparison.of(before, after)));
    view.put("from_yaml", before.toYaml());
    view.put("to_yaml", after.toYaml());
    return view;
  }

  static List<Map<String, Object>> changes(List<Change> changes) {
    return changes.stream().map(Change::details).toList();
  }
}
