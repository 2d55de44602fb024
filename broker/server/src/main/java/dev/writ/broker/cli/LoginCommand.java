package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.Launcher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ login}. */
@Command(
    name = "login",
    description = {
      "Log in to the broker with a browser, here or on any other device.",
      "The identity provider is the one that the broker trusts; the login is kept in a file of yours."
    })
final class LoginCommand extends WritSubcommand {
  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "The identity provider; the broker's own unless given.")
  private Optional<String> issuer = Optional.empty();

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "The public client to log in by; writ-cli unless given.")
  private String client = "writ-cli";

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM of the identity provider's authority, where it is a private one.")
  private Optional<Path> ca = Optional.empty();

  LoginCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    AccessFinder.Place place = new AccessFinder(surroundings()).place(config());
    String url = issuer.orElseGet(() -> only(issuers(place)));
    Optional<Path> authority =
        ca.map(surroundings().directory()::resolve).or(() -> authority(place, url));
    IdentityProvider provider =
        new IdentityProvider(
            url,
            authority.map(AccessFinder::certificates).orElse(List.of()),
            place.config().flatMap(Config::proxy));
    DeviceLogin flow = new DeviceLogin(provider, url, client, authority.map(LoginCommand::text));
    Consumer<String> tell = json() ? screen()::aside : screen()::line;
    Login login = flow.to(place.url(), tell);
    LoginFile.of(surroundings(), place.url()).write(login);
    show(view(login), List.of("Logged in to " + place.url() + who(login) + "."));
    return Exit.DONE;
  }

  private static String who(Login login) {
    return login.user().isEmpty() ? "" : " as " + Text.safe(login.user());
  }

  private List<String> issuers(AccessFinder.Place place) {
    if (place.config().isPresent()) {
      return place.config().get().launchers().stream().map(one -> one.issuer().toString()).toList();
    }
    JsonNode said =
        new BrokerClient(place.access(Optional.empty()))
            .get("/.well-known/oauth-protected-resource", Map.of())
            .path("authorization_servers");
    return StreamSupport.stream(said.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String only(List<String> issuers) {
    if (issuers.isEmpty()) {
      throw new Failure(
          Exit.FAILED,
          "Nobody logs in to this broker: it has no launchers. Its operator-token opens it.");
    }
    if (issuers.size() > 1) {
      throw new Failure(
          Exit.USAGE,
          "The broker trusts several identity providers. Name yours with --issuer: "
              + Text.safe(String.join(", ", issuers)));
    }
    return issuers.getFirst();
  }

  private static Optional<Path> authority(AccessFinder.Place place, String issuer) {
    return place
        .config()
        .flatMap(config ->
            config.launchers().stream()
                .filter(one -> one.issuer().equals(URI.create(issuer)))
                .findFirst())
        .flatMap(Launcher::ca);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "The file " + file + " cannot be read.");
    }
  }

  private static ObjectNode view(Login login) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    ObjectNode one = view.putArray("logins").addObject();
    one.put("broker", login.broker().toString());
    one.put("issuer", login.issuer());
    one.put("user", login.user());
    one.put("access_expires_at", login.accessUntil().toString());
    return view;
  }
}
