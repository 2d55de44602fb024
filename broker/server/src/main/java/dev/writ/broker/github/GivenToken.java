package dev.writ.broker.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.policy.Permissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An installation token as GitHub's answer tells of it. What the answer does not say, or not
 * understandably, is empty: that is for the comparison to refuse, with the token at hand to be
 * ended.
 *
 * @param repositories full names by id
 */
record GivenToken(
    Secret secret,
    Optional<Instant> endsAt,
    Optional<Permissions> permissions,
    Optional<String> selection,
    Optional<Map<Long, String>> repositories) {

  /** Opaque, and its length varies; but it has to fit into a header. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,4096}");

  /** Empty if there is no token in it. */
  static Optional<GivenToken> of(JsonNode json) {
    return text(json.path("token"))
        .filter(token -> TOKEN.matcher(token).matches())
        .map(token ->
            new GivenToken(
                new Secret(token),
                text(json.path("expires_at")).flatMap(GivenToken::instant),
                permissions(json.path("permissions")),
                text(json.path("repository_selection")),
                repositories(json.path("repositories"))));
  }

  /** What it holds beyond the request, or leaves unsaid; empty if all is as it was asked for. */
  List<String> excess(MintRequest asked) {
    List<String> excess = new ArrayList<>();
    if (endsAt.isEmpty()) {
      excess.add("it does not say when it ends");
    }
    if (permissions.isEmpty()) {
      excess.add("it does not say what it permits");
    }
    permissions
        .filter(answered -> !asked.tolerates(answered))
        .ifPresent(answered -> excess.add("it permits " + answered.words()));
    if (!(asked instanceof MintRequest.Listing)) {
      excess.addAll(excessOfRepositories(asked));
    }
    return excess;
  }

  private List<String> excessOfRepositories(MintRequest asked) {
    if (!selection.equals(Optional.of("selected"))) {
      return List.of("it is not for selected repositories");
    }
    if (repositories.isEmpty() || repositories.get().isEmpty()) {
      return List.of("it does not say which repositories it is for");
    }
    return repositories.get().entrySet().stream()
        .flatMap(one -> asked.excess(one.getKey(), one.getValue()).stream())
        .toList();
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<Permissions> permissions(JsonNode json) {
    Map<String, String> words = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      words.put(entry.getKey(), entry.getValue().asText(""));
    }
    return json.isObject() ? Permissions.ofWords(words) : Optional.empty();
  }

  /** Empty unless every one has an id and a name. */
  static Optional<Map<Long, String>> repositories(JsonNode json) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (JsonNode one : json) {
      JsonNode id = one.path("id");
      Optional<String> name = text(one.path("full_name"));
      if (!id.isIntegralNumber() || !id.canConvertToLong() || name.isEmpty()) {
        return Optional.empty();
      }
      names.put(id.asLong(), name.get());
    }
    return json.isArray() ? Optional.of(names) : Optional.empty();
  }
}
