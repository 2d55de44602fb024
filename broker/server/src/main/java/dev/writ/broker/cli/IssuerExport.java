package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ issuer export}. */
@Command(
    name = "export",
    description = {
      "Write the files by which AWS checks this broker's tokens for STS, for a public web server.",
      "Run it again whenever writ_sts_issuer_behind is not 0, such as after a key's rotation."
    })
final class IssuerExport extends WritSubcommand {
  private static final String CONFIGURATION = "/.well-known/openid-configuration";
  private static final String KEYS = "/jwks";

  @Parameters(
      paramLabel = "DIR",
      description = "The folder that is served at the issuer's URL; made if it is missing.")
  private Path folder = Path.of("");

  IssuerExport(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    Set<URI> issuers = new LinkedHashSet<>();
    new Configs(surroundings())
        .read(config())
        .aws()
        .forEach(account -> account.issuer().ifPresent(issuers::add));
    if (issuers.size() > 1) {
      throw new Failure(
          Exit.USAGE,
          "aws: names more than one issuer ("
              + String.join(", ", issuers.stream().map(URI::toString).toList())
              + "). Export with a configuration that has one of them.");
    }
    BrokerClient broker = broker();
    ObjectNode configuration = broker.get("/sts" + CONFIGURATION, java.util.Map.of());
    ObjectNode keys = broker.get("/sts" + KEYS, java.util.Map.of());
    issuers.forEach(issuer -> {
      configuration.put("issuer", issuer.toString());
      configuration.put("jwks_uri", issuer + KEYS);
    });
    return written(configuration, keys);
  }

  private Exit written(ObjectNode configuration, ObjectNode keys) {
    Path target = surroundings().directory().resolve(folder);
    List<Path> files =
        List.of(write(target, KEYS, keys), write(target, CONFIGURATION, configuration));
    String issuer = Text.of(configuration, "issuer");
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("issuer", issuer);
    ArrayNode list = result.putArray("files");
    files.forEach(file -> list.add(file.toString()));
    List<String> lines = new ArrayList<>();
    files.forEach(file -> lines.add("Wrote " + Text.safe(file.toString())));
    lines.add(
        "Serve them as "
            + issuer
            + CONFIGURATION
            + " and "
            + issuer
            + KEYS
            + ", as application/json.");
    show(result, lines);
    return Exit.DONE;
  }

  /** Whole or not at all: it may be served while it is written. */
  private static Path write(Path folder, String name, ObjectNode content) {
    Path file = folder.resolve(name.substring(1));
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(fresh, OwnJson.write(content) + "\n");
      return Files.move(
          fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, Text.safe(file.toString()) + " cannot be written.");
    }
  }
}
