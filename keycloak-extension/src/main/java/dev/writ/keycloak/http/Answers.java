package dev.writ.keycloak.http;

import dev.writ.document.Json;
import dev.writ.document.Problem;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers in JSON, and problems (RFC 9457) with every error of a document and its place. */
public final class Answers {
  private static final String PROBLEM = "application/problem+json";

  private Answers() {}

  public static Response json(int status, Map<String, Object> body) {
    return json(status, Json.write(body));
  }

  public static Response json(int status, String body) {
    return Response.status(status)
        .type("application/json")
        .header("Cache-Control", "no-store")
        .entity(body)
        .build();
  }

  public static Response ok(Map<String, Object> body) {
    return json(200, body);
  }

  /**
   * A refusal.
   *
   * @param type last part of the problem's type URI, such as {@code not-found}
   * @param detail what was wrong, what is allowed, what to do
   * @param members further ones
   */
  public static Response problem(
      int status, String type, String detail, Map<String, Object> members) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:writ:problem:" + type);
    body.put("title", Response.Status.fromStatusCode(status).getReasonPhrase());
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(members);
    return Response.status(status)
        .type(PROBLEM)
        .header("Cache-Control", "no-store")
        .entity(Json.write(body))
        .build();
  }

  public static Response problem(int status, String type, String detail) {
    return problem(status, type, detail, Map.of());
  }

  /** 400 with all that is wrong. */
  public static Response invalid(List<Problem> problems) {
    String detail =
        problems.size() == 1 ? problems.get(0).toString() : problems.size() + " things are wrong";
    return problem(400, "invalid-request", detail, Map.of("problems", list(problems)));
  }

  public static Response invalid(String pointer, String message) {
    return invalid(List.of(new Problem(pointer, message)));
  }

  public static Response notFound(String detail) {
    return problem(404, "not-found", detail);
  }

  public static Response forbidden(String detail) {
    return problem(403, "forbidden", detail);
  }

  public static Response conflict(String detail, Map<String, Object> members) {
    return problem(409, "conflict", detail, members);
  }

  /** Problems with their places, as JSON has them. */
  public static List<Map<String, Object>> list(List<Problem> problems) {
    return problems.stream().map(Answers::one).toList();
  }

  private static Map<String, Object> one(Problem problem) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("pointer", problem.pointer());
    problem
        .mark()
        .ifPresent(mark -> {
          one.put("line", mark.line());
          one.put("column", mark.column());
        });
    one.put("message", problem.message());
    return one;
  }
}
