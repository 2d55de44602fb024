package dev.writ.broker.blame;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads a question from query parameters, of which exactly one way must be taken. */
public final class Questions {
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final int TEXT_MAX = 1_024;
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final Set<Set<String>> WAYS =
      Set.of(
          Set.of("token_sha256"),
          Set.of("github_hashed_token"),
          Set.of("aws_access_key_id"),
          Set.of("jti"),
          Set.of("agent", "at"),
          Set.of("harness", "session"));

  private Questions() {}

  /** What was read. */
  public sealed interface Read {}

  public record Sound(Question question) implements Read {}

  /**
   * @param text what was wrong and what is allowed, without any of the input, which may be a
   *     credential
   */
  public record Wrong(String text) implements Read {}

  /**
   * @param query every value of every parameter
   */
  public static Read read(Map<String, List<String>> query) {
    boolean once = query.values().stream().allMatch(values -> values.size() == 1);
    if (!once || !WAYS.contains(query.keySet())) {
      return new Wrong(
          "Ask in exactly one way: token_sha256, github_hashed_token, aws_access_key_id, jti, agent and at, or"
              + " harness and session.");
    }
    if (query.values().stream()
        .anyMatch(
            values -> values.get(0).indexOf('\0') >= 0 || values.get(0).length() > TEXT_MAX)) {
      return new Wrong("A value is longer than " + TEXT_MAX + " characters or holds a NUL.");
    }
    if (query.containsKey("agent")) {
      return agent(value(query, "agent"), value(query, "at"));
    }
    if (query.containsKey("harness")) {
      return new Sound(new Question.Conversation(value(query, "harness"), value(query, "session")));
    }
    String name = query.keySet().iterator().next();
    String value = value(query, name);
    return switch (name) {
      case "aws_access_key_id" -> new Sound(new Question.AccessKey(value));
      case "jti" ->
          uuid(value)
              .<Read>map(id -> new Sound(new Question.Jti(id)))
              .orElse(new Wrong("jti: expected a UUID, as every token from here has."));
      default ->
          sha256(value)
              .<Read>map(hash -> new Sound(new Question.Token(hash)))
              .orElse(
                  new Wrong(
                      name
                          + ": expected a SHA-256, as 64 hexadecimal digits, base64 or base64url. Never send the"
                          + " credential itself."));
    };
  }

  private static Read agent(String agent, String at) {
    Optional<UUID> id = uuid(agent);
    if (id.isEmpty()) {
      return new Wrong("agent: expected a UUID.");
    }
    return instant(at)
        .<Read>map(instant -> new Sound(new Question.AgentAt(id.get(), instant)))
        .orElse(new Wrong("at: expected an instant (RFC 3339), such as 2026-11-23T10:00:00Z."));
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(unplussed(text)).toInstant())
          .filter(at -> !at.isBefore(EARLIEST) && !at.isAfter(LATEST));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<UUID> uuid(String text) {
    return Optional.of(text).filter(id -> UUID_FORM.matcher(id).matches()).map(UUID::fromString);
  }

  private static Optional<byte[]> sha256(String text) {
    if (HEX.matcher(text).matches()) {
      return Optional.of(HexFormat.of().parseHex(text));
    }
    String padded = unplussed(text);
    String bare = padded.endsWith("=") ? padded.substring(0, padded.length() - 1) : padded;
    String url = bare.replace('+', '-').replace('/', '_');
    if (!BASE64.matcher(url).matches()) {
      return Optional.empty();
    }
    byte[] hash = Base64.getUrlDecoder().decode(url);
    boolean canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(hash).equals(url);
    return canonical ? Optional.of(hash) : Optional.empty();
  }

  /** A plus sign that was not escaped in the URL arrives as a space. */
  private static String unplussed(String text) {
    return text.replace(' ', '+');
  }

  private static String value(Map<String, List<String>> query, String name) {
    return query.getOrDefault(name, List.of("")).get(0);
  }
}
