package dev.writ.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloaksource.SourceRealm;
import dev.writ.fixtures.process.Ports;
import java.net.URI;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A realm of a real Keycloak, which its administrator changes by Keycloak's and our own API. */
final class RealSourceRealm implements SourceRealm {
  private static final String BOUNDARY = "writ-test";

  private final KeycloakRealm realm;
  private final WritApi api;

  RealSourceRealm(KeycloakRealm realm) {
    this.realm = realm;
    this.api = WritApi.of(realm);
  }

  @Override
  public String url() {
    return realm.url().toString();
  }

  @Override
  public String caPem() {
    return "";
  }

  /** As docs/keycloak-broker.md says: its public half is imported in PEM. */
  @Override
  public void client(String id, PublicKey key) {
    ObjectNode client =
        WritApi.object()
            .put("clientId", id)
            .put("publicClient", false)
            .put("serviceAccountsEnabled", true)
            .put("standardFlowEnabled", false)
            .put("clientAuthenticatorType", "client-jwt");
    client.putObject("attributes").put("token.endpoint.auth.signing.alg", "ES256");
    String made = realm.admin().create(realm.path("/clients"), client.toString());
    realm
        .admin()
        .send(
            "POST",
            realm.path("/clients/" + made + "/certificates/jwt.credential/upload-certificate"),
            Map.of(
                "Authorization",
                "Bearer " + realm.admin().token(),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY),
            part("keystoreFormat", "Public Key PEM")
                + part("file\"; filename=\"key.pem", pem(key))
                + "--"
                + BOUNDARY
                + "--\r\n")
        .expect(200);
  }

  private static String part(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  private static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  @Override
  public int save(String name, String json, String comment) {
    ObjectNode body = WritApi.object().put("expected", version(name)).put("comment", comment);
    body.set("policy", Reply.of(200, Map.of(), json).json());
    Reply saved = api.send("PUT", "policies/" + name, body.toString());
    return saved.expect(saved.status() == 201 ? 201 : 200).json().path("version").asInt();
  }

  /** Zero if there never was one. */
  int version(String name) {
    Reply versions = api.get("policies/" + name + "/versions");
    return versions.status() == 404
        ? 0
        : versions.expect(200).json().path("versions").path(0).path("version").asInt();
  }

  @Override
  public void delete(String name) {
    api.delete(name, version(name)).expect(204);
  }

  @Override
  public void user(String name, boolean enabled) {
    String id = id(name);
    if (id.isEmpty()) {
      ObjectNode user = WritApi.object().put("username", name).put("enabled", enabled);
      realm.send("POST", "/users", user.toString()).expect(201);
      return;
    }
    realm.send("PUT", "/users/" + id, "{\"enabled\":" + enabled + "}").expect(204);
  }

  @Override
  public void removeUser(String name) {
    realm.send("DELETE", "/users/" + id(name), "").expect(204);
  }

  private String id(String name) {
    return realm.person(name).id();
  }

  @Override
  public void group(String path, List<String> members) {
    String group = realm.group(path);
    Set<String> joining = new HashSet<>(members);
    for (JsonNode member : realm.admin().get(realm.path("/groups/" + group + "/members"))) {
      if (!joining.remove(member.path("username").asText())) {
        membership("DELETE", member.path("id").asText(), group);
      }
    }
    joining.forEach(name -> membership("PUT", id(name), group));
  }

  private void membership(String method, String user, String group) {
    realm.send(method, "/users/" + user + "/groups/" + group, "").expect(204);
  }

  @Override
  public void overrides(String group, List<String> overrides) {
    realm.attributes(realm.group(group), Map.of("writ.override", overrides));
  }

  @Override
  public void push(URI broker, String caPem) {
    ObjectNode settings = WritApi.object();
    ObjectNode section = settings.putObject("broker").put("url", broker.toString());
    if (!caPem.isEmpty()) {
      section.put("ca", caPem);
    }
    api.send("PUT", "settings", settings.toString()).expect(200);
  }

  /** Pushes go nowhere from now on. */
  void losePushes() {
    push(URI.create("http://127.0.0.1:" + Ports.free()), "");
  }

  @Override
  public void close() {
    realm.delete();
  }
}
