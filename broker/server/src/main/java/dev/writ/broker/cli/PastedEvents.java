package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the credentials in events that somebody pasted: of GitHub's audit log ({@code
 * hashed_token}: base64 of the token's SHA-256) and of AWS CloudTrail (the access key that acted,
 * or that was issued). One event, a list, or one a line.
 */
final class PastedEvents {
  private static final int BYTES_MAX = 4 * 1024 * 1024;
  private static final int CREDENTIALS_MAX = 20;
  private static final Pattern ACCESS_KEY = Pattern.compile("[A-Za-z0-9]{16,128}");

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonMapper.builder()
              .build()
              .getFactory()
              .setStreamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(64).build()));

  private PastedEvents() {}

  /**
   * The look-ups for what the events name, each once.
   *
   * @throws Failure if they are no JSON or name nothing
   */
  static List<Map<String, String>> queries(Surroundings surroundings) {
    Set<Map<String, String>> found = new LinkedHashSet<>();
    try (MappingIterator<JsonNode> events =
        JSON.readerFor(JsonNode.class).readValues(bytes(surroundings))) {
      while (events.hasNext() && found.size() < CREDENTIALS_MAX) {
        collect(events.next(), found);
      }
    } catch (JsonProcessingException notJson) {
      throw new Failure(
          Exit.USAGE, "What was pasted is no JSON. Paste whole events, as the log shows them.");
    } catch (IOException | RuntimeException unreadable) {
      throw unreadable instanceof Failure failure
          ? failure
          : new Failure(Exit.USAGE, "Standard input cannot be read as JSON events.");
    }
    if (found.isEmpty()) {
      throw new Failure(
          Exit.FAILED,
          "These events name no credential. Expected hashed_token (GitHub's audit log), or"
              + " userIdentity.accessKeyId (AWS CloudTrail).");
    }
    return found.stream().limit(CREDENTIALS_MAX).toList();
  }

  private static byte[] bytes(Surroundings surroundings) throws IOException {
    byte[] bytes = surroundings.in().readNBytes(BYTES_MAX + 1);
    if (bytes.length > BYTES_MAX) {
      throw new Failure(Exit.USAGE, "More than 4 MiB were pasted. Paste the events in question.");
    }
    return bytes;
  }

  /** Events come alone, in lists, and in {@code Records} (CloudTrail's files). */
  private static void collect(JsonNode root, Set<Map<String, String>> found) {
    Deque<JsonNode> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      JsonNode node = open.pop();
      gitHub(node).or(() -> cloudTrail(node)).ifPresent(found::add);
      node.forEach(child -> {
        if (child.isContainerNode()) {
          open.addLast(child);
        }
      });
    }
  }

  private static Optional<Map<String, String>> gitHub(JsonNode node) {
    return Optional.ofNullable(node.path("hashed_token").textValue())
        .flatMap(Fingerprint::ofHash)
        .map(hex -> Map.of("token_sha256", hex));
  }

  private static Optional<Map<String, String>> cloudTrail(JsonNode node) {
    return Optional.ofNullable(node.path("accessKeyId").textValue())
        .filter(key -> ACCESS_KEY.matcher(key).matches())
        .map(key -> Map.of("aws_access_key_id", key));
  }
}
