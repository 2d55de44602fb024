package dev.writ.vault;

import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.json.Json;
import io.github.jopenlibs.vault.json.JsonArray;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.json.JsonValue;
import io.github.jopenlibs.vault.json.ParseException;
import io.github.jopenlibs.vault.response.LogicalResponse;
import io.github.jopenlibs.vault.rest.RestResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Reads what the driver brings back: an answer, an error of Vault's, or a broken connection. */
final class Answers {
  private static final int SAID_MAX = 200;
  private static final String BODY = "Response body: ";
  private static final Pattern FORMER =
      Pattern.compile("less than the minimum|disallowed by policy|too old");
  private static final Pattern VERSION = Pattern.compile("version|too old");

  private Answers() {}

  static Answer<JsonObject> of(LogicalResponse response) {
    RestResponse rest = response.getRestResponse();
    String body = new String(rest.getBody(), StandardCharsets.UTF_8);
    if (rest.getStatus() >= 400) {
      return failed(rest.getStatus(), body);
    }
    return json(body)
        .map(Answer::of)
        .orElseGet(() -> new Answer.Failed<>(Trouble.UNINTELLIGIBLE, ""));
  }

  /**
   * What the driver makes an exception of: other statuses, connections that broke, and answers in
   * which it misses something.
   */
  static <T> Answer<T> of(VaultException thrown) {
    if (thrown.getHttpStatusCode() > 0) {
      String message = String.valueOf(thrown.getMessage());
      int body = message.indexOf(BODY);
      return failed(
          thrown.getHttpStatusCode(), body < 0 ? "" : message.substring(body + BODY.length()));
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Optional<Trouble> trouble = broken(cause);
      if (trouble.isPresent()) {
        String said = cause.getMessage();
        boolean worded = cause instanceof IOException && said != null; // else it is the driver's
        return new Answer.Failed<>(trouble.get(), worded ? line(String.valueOf(said)) : "");
      }
    }
    return new Answer.Failed<>(Trouble.UNREACHABLE, line(root(thrown)));
  }

  private static Optional<Trouble> broken(Throwable cause) {
    return switch (cause) {
      case BoundedHttpClient.TooLargeException tooLarge -> Optional.of(Trouble.UNINTELLIGIBLE);
      case HttpTimeoutException late -> Optional.of(Trouble.SLOW);
      case SSLException untrusted -> Optional.of(Trouble.UNTRUSTED);
      case ConnectException away -> Optional.of(Trouble.UNREACHABLE);
      case RuntimeException notAsExpected -> Optional.of(Trouble.UNINTELLIGIBLE);
      default -> Optional.empty();
    };
  }

  private static <T> Answer<T> failed(int status, String body) {
    Optional<String> errors = json(body).map(Answers::errors);
    String said = errors.orElse("");
    if (errors.isEmpty() && status != 404 && (status < 300 || status >= 400)) {
      return new Answer.Failed<>(
          status >= 500 ? Trouble.FAULT : Trouble.UNINTELLIGIBLE, "HTTP status " + status);
    }
    return new Answer.Failed<>(trouble(status, said.toLowerCase(Locale.ROOT)), line(said));
  }

  /** Vault and OpenBao say most things by the status, the rest in English only. */
  private static Trouble trouble(int status, String said) {
    if (said.contains("is sealed")) {
      return Trouble.SEALED;
    }
    if (said.contains("not initialized")) {
      return Trouble.UNINITIALIZED;
    }
    if (said.contains("no handler for route") || said.contains("unsupported path")) {
      return Trouble.NO_ENGINE;
    }
    if (said.contains("local node not active")) {
      return Trouble.LEADERLESS;
    }
    if (FORMER.matcher(said).find()) {
      return Trouble.NO_VERSION; // signing answers this with a 500
    }
    if (status >= 300 && status < 400) {
      return Trouble.ELSEWHERE;
    }
    return switch (status) {
      case 400 -> badRequest(said);
      case 403 -> Trouble.FORBIDDEN;
      case 404 -> Trouble.NO_KEY;
      case 412, 472, 473 -> Trouble.LEADERLESS;
      case 429 -> Trouble.BUSY;
      case 501 -> Trouble.UNINITIALIZED;
      case 503 -> Trouble.SEALED;
      default -> status >= 500 ? Trouble.FAULT : Trouble.UNSUITABLE;
    };
  }

  private static Trouble badRequest(String said) {
    if (said.contains("key not found") || said.contains("no existing key")) {
      return Trouble.NO_KEY;
    }
    if (said.contains("message authentication failed") || said.contains("invalid ciphertext")) {
      return Trouble.NOT_OPENED;
    }
    return VERSION.matcher(said).find() ? Trouble.NO_VERSION : Trouble.UNSUITABLE;
  }

  private static Optional<JsonObject> json(String body) {
    try {
      JsonValue value = Json.parse(body);
      return value.isObject() ? Optional.of(value.asObject()) : Optional.empty();
    } catch (ParseException | UnsupportedOperationException unreadable) {
      return Optional.empty();
    }
  }

  private static String errors(JsonObject body) {
    StringJoiner all = new StringJoiner("; ");
    if (body.get("errors") instanceof JsonArray errors) {
      errors.forEach(error -> all.add(error.isString() ? error.asString() : error.toString()));
    }
    return all.toString();
  }

  private static String root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  private static String line(String said) {
    String line = said.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= SAID_MAX ? line : line.substring(0, SAID_MAX) + "…";
  }
}
