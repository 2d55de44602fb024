package dev.writ.broker.api;

import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.http.Answer;
import dev.writ.document.Json;
import dev.writ.document.Quoted;
import dev.writ.policy.Asked;
import dev.writ.policy.Requests;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Git's credential protocol (git-credential(1), "INPUT/OUTPUT FORMAT"): what git wants to reach,
 * and the credential that lets it.
 */
final class GitFormat {
  private static final int LINES_MAX = 64;
  private static final Set<String> READ = Set.of("protocol", "host", "path");

  private GitFormat() {}

  sealed interface Input {}

  /** What may be asked for one repository, from the most that git can use to the least. */
  record Wanted(List<Asked> asked) implements Input {}

  record Unfit(String text) implements Input {}

  static Input read(byte[] body, Set<String> hosts) {
    Optional<Map<String, String>> lines = lines(body);
    if (lines.isEmpty()) {
      return new Unfit(
          "The body is not git's credential protocol: expected lines key=value, each key once.");
    }
    String protocol = lines.get().getOrDefault("protocol", "");
    String host = lines.get().getOrDefault("host", "");
    if (!protocol.equals("https")) {
      return new Unfit("protocol: expected https, got " + Quoted.of(protocol) + ".");
    }
    if (!hosts.contains(host)) {
      return new Unfit(
          "host: "
              + Quoted.of(host)
              + " is not served here; expected "
              + String.join(", ", hosts)
              + ".");
    }
    String path = lines.get().getOrDefault("path", "");
    if (path.isEmpty()) {
      return new Unfit(
          "path: missing, so it is not known which repository is meant; run: git config --global credential.useHttpPath true");
    }
    return wanted(host, repository(path));
  }

  private static Input wanted(String host, String repository) {
    Asked target = Requests.resource("https://" + host + "/" + repository, Set.of(host));
    return target instanceof Asked.For
        ? new Wanted(
            List.of(
                asked(repository, Map.of("contents", "write", "workflows", "write")),
                asked(repository, Map.of("contents", "write")),
                asked(repository, Map.of("contents", "read"))))
        : new Unfit("path: expected owner/name, got " + Quoted.of(repository) + ".");
  }

  private static Asked asked(String repository, Map<String, String> permissions) {
    return Requests.details(
        Json.write(
            List.of(
                Map.of(
                    "type",
                    "github",
                    "repositories",
                    List.of(repository),
                    "permissions",
                    permissions))));
  }

  /** Without what URLs of repositories may end with. */
  private static String repository(String path) {
    String name = path;
    for (String end : List.of("/", "/info/lfs", ".git")) {
      name = name.endsWith(end) ? name.substring(0, name.length() - end.length()) : name;
    }
    return name;
  }

  private static Optional<Map<String, String>> lines(byte[] body) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
    Map<String, String> found = new HashMap<>();
    String[] lines = text.split("\n", LINES_MAX + 1);
    if (lines.length > LINES_MAX || text.indexOf('\0') >= 0 || text.indexOf('\r') >= 0) {
      return Optional.empty();
    }
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (line.isEmpty()) {
        break;
      }
      if (equals < 1) {
        return Optional.empty();
      }
      String key = line.substring(0, equals);
      if (READ.contains(key) && found.put(key, line.substring(equals + 1)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  static Answer credential(Outcome.Issued issued) {
    return Answer.text(
        200,
        "text/plain; charset=utf-8",
        "username=x-access-token\npassword=%s\npassword_expiry_utc=%d\n"
            .formatted(issued.secret(), issued.expiresAt().getEpochSecond()));
  }
}
