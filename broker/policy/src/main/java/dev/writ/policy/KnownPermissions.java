package dev.writ.policy;

import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The permissions that a GitHub App can be given, from GitHub's published description (see {@code
 * github-permissions.json} beside this class for its version).
 */
final class KnownPermissions {
  /**
   * What GitHub offers for one permission.
   *
   * @param boundedByRepositories whether the list of repositories bounds it
   * @param description what it is about, after GitHub's own words
   */
  record Known(Set<Level> levels, boolean boundedByRepositories, String description) {}

  private static final int PERMISSIONS_MAX = 200;
  private static final int DESCRIPTION_MAX = 300;
  private static final List<String> REACHES =
      List.of("repository", "organization", "user", "enterprise");
  private static final Map<String, Known> ALL = load();

  private KnownPermissions() {}

  static Optional<Known> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static Set<String> names() {
    return ALL.keySet();
  }

  private static Map<String, Known> load() {
    try (InputStream resource =
        KnownPermissions.class.getResourceAsStream("github-permissions.json")) {
      byte[] json = Objects.requireNonNull(resource, "github-permissions.json").readAllBytes();
      return Document.json(new String(json, StandardCharsets.UTF_8), Limits.FILE)
          .read(KnownPermissions::read)
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Map<String, Known>> read(Value root) {
    Fields fields = root.fields("source", "permissions");
    Map<String, Known> all = new TreeMap<>();
    fields
        .required("permissions")
        .entries(PERMISSIONS_MAX)
        .forEach(
            (name, value) -> all.put(name, known(value.fields("levels", "reach", "description"))));
    return Optional.of(Collections.unmodifiableMap(all));
  }

  private static Known known(Fields fields) {
    Set<Level> levels = EnumSet.noneOf(Level.class);
    for (Value level : fields.required("levels").items(Level.WORDS.size())) {
      level.parsed("a level", Level::of).ifPresent(levels::add);
    }
    Optional<String> reach = fields.required("reach").oneOf(REACHES);
    return new Known(
        Collections.unmodifiableSet(levels),
        reach.filter("repository"::equals).isPresent(),
        fields.required("description").string(DESCRIPTION_MAX).orElse(""));
  }
}
