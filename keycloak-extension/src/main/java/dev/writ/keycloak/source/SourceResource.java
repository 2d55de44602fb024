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
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * {@code source/policies} and {@code source/owners}. The number is read before the content, so that
 * what is read is never older than its number says.
 */
public final class SourceResource {
  private final KeycloakSession session;
  private final RealmModel realm;
  private final Drift drift;

  public SourceResource(KeycloakSession session, Drift drift) {
    this.session = session;
    this.drift = drift;
    this.realm = session.getContext().getRealm();
  }

  @GET
  @Path("policies")
  public Response policies(@Context HttpHeaders headers) {
    return Reader.refusal(session, realm)
        .orElseGet(() -> {
          long version = reached(Counter.POLICIES);
          String tag = tag(Counter.POLICIES, version);
          return knows(headers, tag) ? unchanged(tag) : whole(tag, policies(version));
        });
  }

  @GET
  @Path("owners")
  public Response owners(@Context HttpHeaders headers) {
    return Reader.refusal(session, realm).orElseGet(() -> owners(headers, reached(Counter.OWNERS)));
  }

  private Response owners(HttpHeaders headers, long version) {
    if (knows(headers, tag(Counter.OWNERS, version)) && !drift.isDue(realm.getId(), version)) {
      return unchanged(tag(Counter.OWNERS, version));
    }
    Map<String, Object> document = Owners.of(session, realm).document(version);
    if (drift.hasMoved(realm.getId(), version, document)) {
      Counters.of(session, realm).next(Counter.OWNERS);
      long next = reached(Counter.OWNERS);
      document.put("version", next);
      drift.hasMoved(realm.getId(), next, document);
      return whole(tag(Counter.OWNERS, next), document);
    }
    String tag = tag(Counter.OWNERS, version);
    return knows(headers, tag) ? unchanged(tag) : whole(tag, document);
  }

  private long reached(Counter counter) {
    return Counters.of(session, realm).reached(counter);
  }

  private static String tag(Counter counter, long version) {
    return (counter == Counter.POLICIES ? "\"p" : "\"o") + version + '"';
  }

  private static Response unchanged(String tag) {
    return Response.notModified().header(HttpHeaders.ETAG, tag).build();
  }

  private static Response whole(String tag, Map<String, Object> document) {
    return Response.fromResponse(Answers.ok(document)).header(HttpHeaders.ETAG, tag).build();
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
