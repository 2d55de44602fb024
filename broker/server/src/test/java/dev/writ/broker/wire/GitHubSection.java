package dev.writ.broker.wire;

import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Apps at a GitHub that is reached at an address, installed in acme. */
record GitHubSection(FakeGitHub gitHub, URI api, List<App> apps) {

  /**
   * Keys and certificates as files, unless a node has them already, and the section that names
   * them.
   */
  String written(Path folder) throws IOException {
    Path ca = Files.writeString(folder.resolve("github-ca.pem"), gitHub.caPem());
    StringBuilder section = new StringBuilder("github:\n");
    for (App app : apps) {
      Path key = folder.resolve("app-" + app.id() + ".pem");
      if (Files.notExists(key)) {
        NodeFiles.secret(key, app.key().pem());
      }
      section.append(
          "  - { api: \"%s\", app-id: \"%d\", key: \"file:%s\", accounts: [ acme ], ca: \"%s\" }\n"
              .formatted(api, app.id(), key, ca));
    }
    return section.toString();
  }
}
