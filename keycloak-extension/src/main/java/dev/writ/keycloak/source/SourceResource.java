package dev.writ.keycloak.source;

import dev.writ.document.Json;
import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.store.Counter;
import dev.writ.keycloak.store.Counters;
import dev.writ.keycloak.store.PolicyStore;
import dev.writ.keycloak.store.Version;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * {@code source/policies} and {@code source/owners}. The number is read before the content, so that
 * what is read is never older than its number says.
 */
public final class SourceResource {
  private final KeycloakSession session;
  private final RealmModel realm;

  public SourceResource(KeycloakSession session) {
    this.session = session;
    this.realm = session.getContext().getRealm();
  }

  @GET
  @Path("policies")
  public Response policies(@Context HttpHeaders headers) {
    return unlessKnown(headers, Counter.POLICIES, this::policies);
  }

  @GET
  @Path("owners")
  public Response owners(@Context HttpHeaders headers) {
    return unlessKnown(
        headers, Counter.OWNERS, version -> Owners.of(session, realm).document(version));
  }

  private Response unlessKnown(
      HttpHeaders headers, Counter counter, LongFunction<Map<String, Object>> content) {
    return Reader.refusal(session, realm)
        .orElseGet(() -> {
          long version = Counters.of(session, realm).reached(counter);
          String tag = (counter == Counter.POLICIES ? "\"p" : "\"o") + version + '"';
          return knows(headers, tag)
              ? Response.notModified().header(HttpHeaders.ETAG, tag).build()
              : Response.fromResponse(Answers.ok(content.apply(version)))
                  .header(HttpHeaders.ETAG, tag)
                  .build();
        });
  }

  /** RFC 9110, section 13.1.2; compared weakly, for proxies may have weakened it. */
  private static boolean knows(HttpHeaders headers, String tag) {
    String sent = headers.getHeaderString(HttpHeaders.IF_NONE_MATCH);
    return sent != null
        && List.of(sent.split(",")).stream()
            .map(one -> one.strip().replaceFirst("^W/", ""))
            .anyMatch(tag::equals);
  }

  private Map<String, Object> policies(long version) {
    List<Map<String, Object>> policies = new ArrayList<>();
    List<Map<String, Object>> deleted = new ArrayList<>();
    for (Version newest : PolicyStore.of(session, realm).newest()) {
      Map<String, Object> view = head(newest);
      if (newest.deleted()) {
        deleted.add(view);
      } else {
        view.put("policy", new Json.Written(newest.canonical()));
        policies.add(view);
      }
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("realm", realm.getName());
    body.put("version", version);
    body.put("policies", policies);
    body.put("deleted", deleted);
    return body;
  }

  private static Map<String, Object> head(Version version) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", version.name());
    view.put("version", version.version());
    view.put("author", version.author());
    view.put("comment", version.comment());
    view.put("at", version.at().toString());
    return view;
  }
}
