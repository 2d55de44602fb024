package dev.writ.vault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** What an administrator of Vault does, over HTTP. */
record VaultAdmin(URI address, String token, String namespace) {

  VaultAdmin(URI address, String token) {
    this(address, token, "");
  }

  VaultAdmin in(String namespace) {
    return new VaultAdmin(address, token, namespace);
  }

  JsonNode write(String path, String json) {
    return succeeded("POST", path, json);
  }

  JsonNode read(String path) {
    return succeeded("GET", path, "");
  }

  void delete(String path) {
    succeeded("DELETE", path, "");
  }

  private JsonNode succeeded(String method, String path, String json) {
    Reply reply = send(method, path, json);
    if (reply.status() != 200 && reply.status() != 204) {
      throw new IllegalStateException(method + " " + path + ": " + reply.status() + reply.body());
    }
    return reply.json();
  }

  /** Whatever the answer is. */
  Reply send(String method, String path, String json) {
    Map<String, String> headers = new HashMap<>(Map.of("X-Vault-Token", token));
    if (!namespace.isEmpty()) {
      headers.put("X-Vault-Namespace", namespace);
    }
    try (Http http = Http.plain()) {
      return http.send(method, address.resolve("/v1/" + path), headers, json);
    }
  }

  /** A policy for the key operations that a broker needs, as docs/keys.md has it. */
  void policy(String name, String... rules) {
    String text = String.join("\n", rules).replace("\"", "\\\"").replace("\n", "\\n");
    write("sys/policies/acl/" + name, "{\"policy\":\"" + text + "\"}");
  }
}
