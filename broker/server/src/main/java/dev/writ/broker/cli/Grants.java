package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Elements of {@code authorization_details} in words. */
final class Grants {
  private static final int LISTED_MAX = 6;

  private Grants() {}

  /** A text per element of an array; an object alone is one element. */
  static List<String> texts(JsonNode grants) {
    if (grants.isObject()) {
      return List.of(text(grants));
    }
    List<String> texts = new ArrayList<>();
    grants.forEach(grant -> texts.add(text(grant)));
    return texts;
  }

  /** {@code deploy:read at https://deploy.internal}, {@code contents:read on acme/api}. */
  static String text(JsonNode grant) {
    return switch (Text.of(grant, "type")) {
      case "internal" -> internal(grant);
      case "github" -> gitHub(grant);
      case "aws" -> aws(grant);
      default -> Text.safe(grant.toString());
    };
  }

  private static String internal(JsonNode grant) {
    String scopes = grant.has("scopes") ? list(grant.path("scopes"), "no scope") : "all scopes";
    return scopes + " at " + Text.of(grant, "audience");
  }

  private static String gitHub(JsonNode grant) {
    List<String> permissions = new ArrayList<>();
    grant
        .path("permissions")
        .properties()
        .forEach(
            entry -> permissions.add(Text.safe(entry.getKey() + ":" + entry.getValue().asText())));
    String what = permissions.isEmpty() ? "all permissions" : joined(permissions);
    boolean all = grant.path("repositories").path(0).asText().equals("*");
    String account = Text.of(grant, "account");
    String where =
        all
            ? "every repository" + (account.isEmpty() ? "" : " of " + account)
            : list(grant.path("repositories"), "no repository");
    return what + " on " + where;
  }

  private static String aws(JsonNode grant) {
    List<String> statements = new ArrayList<>();
    grant
        .path("allow")
        .forEach(statement ->
            statements.add(
                list(statement.path("actions"), "no action")
                    + " on "
                    + list(statement.path("resources"), "no resource")));
    String what = statements.isEmpty() ? "all that is granted" : String.join("; ", statements);
    return what + " as " + Text.of(grant, "role");
  }

  private static String list(JsonNode array, String none) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(Text.safe(item.asText())));
    return texts.isEmpty() ? none : joined(texts);
  }

  private static String joined(List<String> texts) {
    String listed = texts.stream().limit(LISTED_MAX).collect(Collectors.joining(", "));
    return texts.size() <= LISTED_MAX
        ? listed
        : listed + " and " + (texts.size() - LISTED_MAX) + " more";
  }
}
