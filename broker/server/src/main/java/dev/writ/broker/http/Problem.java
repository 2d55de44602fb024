package dev.writ.broker.http;

import dev.writ.broker.token.Masked;
import dev.writ.document.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Errors outside OAuth: RFC 9457 problems. The texts are for people; {@code type} is for programs.
 */
public final class Problem {
  private Problem() {}

  /**
   * A problem with further members.
   *
   * @param type last part of the problem's type URI, such as {@code not-found}
   * @param detail what was wrong, what is allowed, what to do
   */
  public static Answer of(int status, String type, String detail, Map<String, ?> members) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:writ:problem:" + type);
    body.put("title", title(status));
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(members);
    return new Answer(
        status,
        Map.of("Content-Type", "application/problem+json"),
        Masked.of(Json.write(body)).getBytes(StandardCharsets.UTF_8));
  }

  public static Answer of(int status, String type, String detail) {
    return of(status, type, detail, Map.of());
  }

  /** 400 with every error of a document and its place. */
  public static Answer invalid(List<dev.writ.document.Problem> problems) {
    List<Map<String, String>> errors =
        problems.stream()
            .map(problem -> Map.of("pointer", problem.place(), "detail", problem.message()))
            .toList();
    String detail =
        problems.size() == 1 ? problems.get(0).toString() : problems.size() + " things are wrong";
    return of(400, "invalid-request", detail, Map.of("errors", errors));
  }

  public static Answer invalid(String detail) {
    return of(400, "invalid-request", detail);
  }

  /**
   * For what does not exist and for what the caller may not see: the two are not to be told apart.
   */
  public static Answer notFound() {
    return of(404, "not-found", "There is no such thing here, or none that you may see.");
  }

  public static Answer conflict(String detail) {
    return of(409, "conflict", detail);
  }

  /** What is administered in another place cannot be changed here. */
  public static Answer elsewhere(String detail) {
    return of(409, "administered-elsewhere", detail);
  }

  /**
   * @param challenges a {@code WWW-Authenticate} value (RFC 9110 section 11.6.1)
   */
  public static Answer unauthorized(String detail, String challenges) {
    return of(401, "unauthorized", detail).with("WWW-Authenticate", challenges);
  }

  public static Answer unavailable(String detail) {
    return of(503, "unavailable", detail).with("Retry-After", "1");
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 422 -> "Unprocessable Content";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
