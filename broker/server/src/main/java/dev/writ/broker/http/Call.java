package dev.writ.broker.http;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request, whole.
 *
 * @param method as sent
 * @param path decoded by nobody: as it stands in the request line, without the query
 * @param parameters of the path template, such as {@code id}
 * @param query every value of every query parameter
 * @param headers every value of every header, by lower-case name
 * @param body at most the limit of its route
 * @param certificates the client's TLS chain, leaf first; empty without one. Nothing about it has
 *     been checked but that the client holds the leaf's key
 * @param from the peer's address
 * @param id of this request in the log and in the answer's {@code X-Request-Id}
 */
public record Call(
    String method,
    String path,
    Map<String, String> parameters,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    byte[] body,
    List<X509Certificate> certificates,
    InetAddress from,
    String id) {

  /** The only value of a header; empty when it is absent or repeated. */
  public Optional<String> header(String lowerCaseName) {
    List<String> values = headers.getOrDefault(lowerCaseName, List.of());
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  public List<String> headers(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, List.of());
  }

  /** The only value of a query parameter; empty when it is absent or repeated. */
  public Optional<String> query(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Headers and body hold credentials. */
  @Override
  public String toString() {
    return "Call[" + id + " " + method + " " + path + "]";
  }
}
