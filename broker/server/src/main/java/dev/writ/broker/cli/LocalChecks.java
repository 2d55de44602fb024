package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import dev.writ.broker.config.GitHubApp;
import dev.writ.broker.doctor.DatabaseFindings;
import dev.writ.broker.doctor.Finding;
import dev.writ.broker.keys.FileKeyProvider;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseSetupException;
import dev.writ.broker.store.DatabaseUnavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What can be seen of a broker's surroundings without it, by its configuration. */
final class LocalChecks {
  private static final String CONFIGURATION = "configuration";

  private final Config config;
  private final ArrayNode checks = JsonNodeFactory.instance.arrayNode();

  private LocalChecks(Config config) {
    this.config = config;
  }

  /** Whether there is a configuration at hand. */
  static boolean possible(Surroundings surroundings, Optional<Path> file) {
    return file.isPresent()
        || Files.exists(surroundings.directory().resolve(ConfigReader.DEFAULT_FILE));
  }

  /**
   * @param areas that were asked for; none means all
   */
  static JsonNode of(Surroundings surroundings, Optional<Path> file, List<String> areas) {
    LocalChecks local = new LocalChecks(new Configs(surroundings).read(file));
    local.configuration();
    if (areas.isEmpty() || areas.contains("github")) {
      local.gitHub();
    }
    if (areas.isEmpty() || areas.contains("database")) {
      local.database();
    }
    return local.checks;
  }

  private void configuration() {
    add(CONFIGURATION, "file", "ok", "It is sound.", "");
    config.keys().root().forEach(key -> key(CONFIGURATION, "root key", key));
    key(CONFIGURATION, "envelope key", config.keys().envelope());
    config.listen().tls().ifPresent(tls -> key(CONFIGURATION, "TLS key", tls.key()));
  }

  private void gitHub() {
    for (GitHubApp app : config.github()) {
      app.keys().forEach(key -> key("github", "App " + app.appId(), key));
    }
  }

  private void key(String area, String subject, KeyRef key) {
    if (!key.scheme().equals("file")) {
      add(
          area,
          subject,
          "ok",
          "Its key is in " + key.scheme() + ":, which only the broker asks.",
          "");
      return;
    }
    FileKeyProvider.trouble(key)
        .ifPresentOrElse(
            trouble ->
                add(
                    area,
                    subject,
                    "fail",
                    "Its key cannot be read: " + trouble,
                    "Mend that as the user who runs the broker, and start it."),
            () ->
                add(
                    area,
                    subject,
                    "ok",
                    "Its key's file can be read, and by nobody who may not.",
                    ""));
  }

  private void database() {
    if (config.database().isEmpty()) {
      add(
          "database",
          "server",
          "ok",
          "It is the broker's own (in " + config.data() + "), and runs only while the broker does.",
          "");
      return;
    }
    try {
      DatabaseFindings.of(Database.look(config.database().get().settings()))
          .forEach(finding -> checks.add(OwnJson.tree(finding.json())));
    } catch (DatabaseUnavailable | DatabaseSetupException gone) {
      Finding finding = DatabaseFindings.unreachable(String.valueOf(gone.getMessage()));
      checks.add(OwnJson.tree(finding.json()));
    }
  }

  private void add(String area, String subject, String status, String found, String remedy) {
    ObjectNode check = checks.addObject();
    check.put("area", area).put("subject", subject).put("status", status).put("found", found);
    if (!remedy.isEmpty()) {
      check.put("do", remedy);
    }
  }
}
