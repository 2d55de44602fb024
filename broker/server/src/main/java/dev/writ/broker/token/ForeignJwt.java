package dev.writ.broker.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The form of a signed JWT (RFC 7519) that others issue, checked before a library reads it: one
 * spelling, a header that names algorithm, type and key and leads nowhere else, and one strict JSON
 * object of claims whose dates are dates. Whose it is and whether it is good the library judges.
 */
public final class ForeignJwt {
  private static final int MAX_CHARS = 16 * 1024;
  private static final int PARTS = 3;
  private static final int MAX_NAME = 1_024;

  /** Texts all of them. {@code x5t} repeats the {@code kid} at some providers. */
  private static final Set<String> HEADER = Set.of("alg", "typ", "kid", "x5t", "x5t#S256");

  private static final List<String> TEXTS = List.of("iss", "sub");
  private static final List<String> DATES = List.of("exp", "iat", "nbf");

  /** The end of the year 9999: later ones overflow elsewhere. */
  private static final double MAX_SECONDS = 253_402_300_799d;

  private ForeignJwt() {}

  /** What is wrong with a token's form, without any of it; empty if nothing. */
  public static Optional<String> problem(String compact) {
    if (compact.length() > MAX_CHARS) {
      return Optional.of("it is longer than " + MAX_CHARS + " characters");
    }
    String[] parts = compact.split("\\.", -1);
    if (parts.length != PARTS || parts[2].isEmpty()) {
      return Optional.of("it is not a signed JWT");
    }
    Optional<ObjectNode> header = object(parts[0]);
    Optional<ObjectNode> claims = object(parts[1]);
    if (header.isEmpty() || claims.isEmpty() || StrictBase64Url.decode(parts[2]).isEmpty()) {
      return Optional.of("it is not a signed JWT in canonical base64url of strict JSON objects");
    }
    return headerProblem(header.get()).or(() -> claimsProblem(claims.get()));
  }

  private static Optional<ObjectNode> object(String part) {
    return StrictBase64Url.decode(part).flatMap(StrictJson::foreign);
  }

  private static Optional<String> headerProblem(ObjectNode header) {
    boolean sound =
        header.properties().stream()
            .allMatch(member -> HEADER.contains(member.getKey()) && member.getValue().isTextual());
    return sound
        ? Optional.empty()
        : Optional.of("its header has something else than the texts alg, typ, kid and x5t");
  }

  private static Optional<String> claimsProblem(ObjectNode claims) {
    for (String name : TEXTS) {
      if (!isName(claims.path(name))) {
        return Optional.of(
            "its " + name + " is not 1 to " + MAX_NAME + " characters without control characters");
      }
    }
    for (String name : DATES) {
      if (claims.has(name) && !isDate(claims.path(name))) {
        return Optional.of("its " + name + " is not a number of seconds since 1970");
      }
    }
    return Optional.empty();
  }

  private static boolean isName(JsonNode value) {
    return value.isTextual()
        && !value.textValue().isEmpty()
        && value.textValue().length() <= MAX_NAME
        && value.textValue().chars().noneMatch(Character::isISOControl);
  }

  /** A NumericDate (RFC 7519 section 2), which may have a fraction. */
  private static boolean isDate(JsonNode value) {
    return value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= MAX_SECONDS;
  }
}
