package dev.writ.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import java.util.function.Supplier;

/** The administrators' API of a realm, as somebody calls it. */
final class WritApi {
  static final ObjectMapper JSON = new ObjectMapper();

  private final KeycloakRealm realm;
  private final Supplier<String> token;

  private WritApi(KeycloakRealm realm, Supplier<String> token) {
    this.realm = realm;
    this.token = token;
  }

  /** As the administrator of everything. */
  static WritApi of(KeycloakRealm realm) {
    return new WritApi(realm, () -> realm.admin().token());
  }

  /** As whoever holds the token; nobody where it is empty. */
  WritApi as(String bearer) {
    return new WritApi(realm, () -> bearer);
  }

  Reply send(String method, String path, String json) {
    return realm.admin().send(token.get(), method, realm.path("/writ/" + path), json);
  }

  Reply get(String path) {
    return send("GET", path, "");
  }

  Reply post(String path, Object body) {
    return send("POST", path, body.toString());
  }

  Reply save(String name, int expected, String comment, String yaml) {
    ObjectNode body = JSON.createObjectNode();
    body.put("expected", expected).put("comment", comment).put("yaml", yaml);
    return send("PUT", "policies/" + name, body.toString());
  }

  Reply delete(String name, int expected) {
    return send("DELETE", "policies/" + name + "?force=true&expected=" + expected, "");
  }

  Reply restore(String name, int version, int expected) {
    ObjectNode body = JSON.createObjectNode();
    body.put("version", version).put("expected", expected).put("comment", "back");
    return post("policies/" + name + "/restore", body);
  }

  /** The list's names. */
  List<String> names(String query) {
    return get("policies" + query)
        .expect(200)
        .json()
        .path("policies")
        .valueStream()
        .map(policy -> policy.path("name").asText())
        .toList();
  }

  JsonNode history(String name) {
    return get("policies/" + name + "/versions").expect(200).json().path("versions");
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
