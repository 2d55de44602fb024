package dev.writ.keycloak.admin;

import dev.writ.keycloak.http.Answers;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** {@code suggestions}: names of groups and users, as help for whoever writes a policy. */
public final class SuggestionsResource {
  private static final int MAX = 20;

  /** As long as a name in a policy may be. */
  private static final int SEARCH_MAX = 255;

  private final Administered administered;

  SuggestionsResource(Administered administered) {
    this.administered = administered;
  }

  @GET
  public Response list(
      @QueryParam("kind") @DefaultValue("") String kind,
      @QueryParam("search") @DefaultValue("") String search,
      @QueryParam("max") @DefaultValue("20") String max) {
    return administered
        .unlessReader()
        .orElseGet(() -> answer(kind, search.strip(), Paging.read("0", max).max()));
  }

  private Response answer(String kind, String search, int max) {
    if (max < 1 || max > MAX) {
      return Answers.invalid("", "max: expected a whole number from 1 to " + MAX);
    }
    if (search.length() > SEARCH_MAX) {
      return Answers.invalid("", "search: expected at most " + SEARCH_MAX + " characters");
    }
    Directory directory = Directory.of(administered);
    return switch (kind) {
      case "group" ->
          directory.showsGroups()
              ? Answers.ok(Map.of("names", directory.groups(search, max)))
              : Answers.forbidden("Seeing which groups there are takes the role view-users.");
      case "user" ->
          directory.showsUsers()
              ? Answers.ok(Map.of("names", directory.users(search, max)))
              : Answers.forbidden("Seeing which users there are takes the role view-users.");
      default -> Answers.invalid("", "kind: expected group or user");
    };
  }
}
