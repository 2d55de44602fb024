package dev.writ.broker.crash;

import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A node's folder with its configuration, beside those of the other nodes of one deployment, whose
 * policies and owners lie in the folder above. The node that the issuer names is the first.
 */
record NodeFiles(Path folder, int port) {
  static final String AUDIENCE = "https://deploy.internal";
  static final String READ = "deploy:read";
  static final String STAGING = "deploy:staging";

  private static final String OWNERS =
      """
      users: [ ada, grace ]
      groups:
        - name: platform
          members: [ ada, grace ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
      """;

  /**
   * @param policy in YAML, which JSON is too
   * @param database the section of {@code writ.yaml}
   */
  static NodeFiles write(Path shared, int port, URI issuer, String policy, String database)
      throws IOException {
    Path policies = Files.createDirectories(shared.resolve("policies"));
    Files.writeString(policies.resolve("operator.yaml"), policy);
    Files.writeString(shared.resolve("owners.yaml"), OWNERS);
    Path folder = Files.createDirectories(shared.resolve("node-" + port));
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        issuer: %s
        listen: { port: %d, management-port: 0 }
        data: data
        policies: { directory: ../policies }
        owners: { file: ../owners.yaml }
        %s
        %s
        """
            .formatted(issuer, port, issuer.getPort() == port ? "" : keysOf(issuer), database));
    return new NodeFiles(folder, port);
  }

  /** The first node makes the keys when it starts; whoever joins it is told where they are. */
  private static String keysOf(URI issuer) {
    String keys = "file:../node-" + issuer.getPort() + "/data/keys";
    return "keys: { root: \"%s/root.pem\", envelope: \"%s/envelope.key\" }".formatted(keys, keys);
  }

  Path file() {
    return folder.resolve("writ.yaml");
  }

  Config config() {
    return config(file());
  }

  static Config config(Path file) {
    return new ConfigReader(file.resolveSibling(""), Map.of(), Map.of()).read(file).orElseThrow();
  }

  URI url() {
    return URI.create("https://localhost:" + port);
  }

  /** What the node trusts and has others trust; there once it is ready. */
  String bundle() throws IOException {
    return Files.readString(folder.resolve("data/bundle.pem"));
  }

  String operatorToken() throws IOException {
    return Files.readString(folder.resolve("data/operator-token")).strip();
  }
}
