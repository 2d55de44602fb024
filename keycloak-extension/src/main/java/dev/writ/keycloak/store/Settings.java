package dev.writ.keycloak.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.document.Json;
import jakarta.persistence.EntityManager;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * A realm's settings.
 *
 * @param brokerUrl where the realm's broker is
 * @param brokerCa PEM certificates that the broker's own is judged by, instead of the JVM's
 * @param brokerClient the client whose service account may read policies and owners
 */
public record Settings(Optional<String> brokerUrl, Optional<String> brokerCa, String brokerClient) {
  public static final String BROKER_CLIENT = "writ-broker";

  /** What holds where nobody said anything. */
  public static final Settings DEFAULT =
      new Settings(Optional.empty(), Optional.empty(), BROKER_CLIENT);

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static Settings of(KeycloakSession session, RealmModel realm) {
    return Optional.ofNullable(database(session).find(SettingsEntity.class, realm.getId()))
        .map(row -> parse(row.json()))
        .orElse(DEFAULT);
  }

  /** Stores them, in the present transaction. */
  public void save(KeycloakSession session, RealmModel realm) {
    EntityManager database = database(session);
    SettingsEntity known = database.find(SettingsEntity.class, realm.getId());
    SettingsEntity row = known == null ? new SettingsEntity(realm.getId()) : known;
    row.set(Json.write(view()));
    if (known == null) {
      database.persist(row);
    }
    database.flush();
  }

  private static EntityManager database(KeycloakSession session) {
    return session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }

  /** What is wrong with the URL of a broker. */
  public static Optional<String> complaint(String text) {
    try {
      URI url = new URI(text).parseServerAuthority();
      boolean secure = "https".equals(url.getScheme());
      boolean local =
          "http".equals(url.getScheme()) && LOOPBACK.contains(String.valueOf(url.getHost()));
      boolean bare =
          url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      return (secure || local) && bare
          ? Optional.empty()
          : Optional.of(
              "expected https://host[:port], without login, query and fragment; http is for loopback only");
    } catch (URISyntaxException e) {
      return Optional.of("expected a URL such as https://writ.example.org:8443");
    }
  }

  /** As JSON has them. */
  public Map<String, Object> view() {
    Map<String, Object> broker = new LinkedHashMap<>();
    brokerUrl.ifPresent(url -> broker.put("url", url));
    brokerCa.ifPresent(ca -> broker.put("ca", ca));
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("broker", broker);
    view.put("broker_client", brokerClient);
    return view;
  }

  /** Reads what {@link #view} wrote. */
  static Settings parse(String json) {
    try {
      return of(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings that nobody can read", e);
    }
  }

  /** Reads the same from a larger document. */
  public static Settings of(JsonNode json) {
    return new Settings(
        text(json.path("broker").path("url")),
        text(json.path("broker").path("ca")),
        text(json.path("broker_client")).orElse(BROKER_CLIENT));
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty()
        ? Optional.of(node.asText())
        : Optional.empty();
  }
}
