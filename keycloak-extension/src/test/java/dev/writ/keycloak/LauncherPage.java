package dev.writ.keycloak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/launchers.md has admins create, as it stands there. */
final class LauncherPage {
  private static final Path PAGE = Path.of("../docs/launchers.md");
  private static final ObjectMapper JSON = new ObjectMapper();

  private LauncherPage() {}

  /** The block of this name: {@code ```json orchestrator}. */
  static ObjectNode block(String name) throws IOException {
    Matcher block =
        Pattern.compile("```json " + Pattern.quote(name) + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    if (!block.find()) {
      throw new AssertionError("docs/launchers.md has no block " + name);
    }
    return (ObjectNode) JSON.readTree(block.group(1));
  }

  /** A member that is an object. */
  static ObjectNode object(ObjectNode node, String member) {
    return (ObjectNode) node.path(member);
  }
}
