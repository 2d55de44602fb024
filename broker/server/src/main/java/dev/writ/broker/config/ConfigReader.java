package dev.writ.broker.config;

import dev.writ.broker.keys.VaultSettings;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.document.Document;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.document.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration from a file, environment variables and flags. */
public final class ConfigReader {
  /** The file that is read when none is named, if it is there. */
  public static final String DEFAULT_FILE = "writ.yaml";

  private static final Path DEFAULT_DATA = Path.of("data");

  private final Path workingDirectory;
  private final Map<String, String> environment;
  private final Map<String, String> flags;

  /**
   * @param environment as {@link System#getenv()}; {@code WRIT_…} variables of no known key are
   *     ignored
   * @param flags by the key they stand for, such as {@code listen.port} (see {@link Flags#KEYS}),
   *     as typed
   */
  public ConfigReader(
      Path workingDirectory, Map<String, String> environment, Map<String, String> flags) {
    this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
    this.environment = Map.copyOf(environment);
    this.flags = Map.copyOf(flags);
  }

  /**
   * Reads {@code writ.yaml} in the working directory, or no file if there is none. Problems of the
   * file have its name and the line as their place, others the flag or variable.
   */
  public Parsed<Config> read() {
    Path file = workingDirectory.resolve(DEFAULT_FILE);
    return Files.exists(file) ? read(file) : read("{}", DEFAULT_FILE, workingDirectory);
  }

  /** Reads a file that was named, and must be there. */
  public Parsed<Config> read(Path file) {
    Path absolute = workingDirectory.resolve(file).normalize();
    try {
      Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
      if (Files.size(absolute) > Limits.FILE.characters()) {
        return broken(file, "is larger than 8 MiB");
      }
      return read(Files.readString(absolute), file.toString(), folder);
    } catch (NoSuchFileException e) {
      return broken(file, "there is no such file");
    } catch (MalformedInputException e) {
      return broken(file, "is not UTF-8 text");
    } catch (IOException e) {
      return broken(file, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static Parsed<Config> broken(Path file, String why) {
    return new Parsed.Invalid<>(List.of(new Problem(file.toString(), why)));
  }

  private Parsed<Config> read(String text, String name, Path folder) {
    Layers layers = new Layers(environment, flags, workingDirectory);
    Parsed<Optional<Config>> parsed =
        Document.yaml(text, Limits.FILE).read(root -> Optional.of(config(root, folder, layers)));
    List<Problem> problems = new ArrayList<>(layers.problems());
    parsed.problems().forEach(problem -> problems.add(in(name, problem)));
    return problems.isEmpty()
        ? new Parsed.Valid<>(parsed.orElseThrow().orElseThrow())
        : new Parsed.Invalid<>(problems);
  }

  private static Problem in(String name, Problem problem) {
    String place = problem.place().isEmpty() ? name : name + ", " + problem.place();
    return new Problem(place, problem.message());
  }

  private static Optional<Config> config(Value document, Path folder, Layers layers) {
    Section root =
        Section.root(
            document,
            folder,
            layers,
            "issuer",
            "trust-domain",
            "listen",
            "data",
            "database",
            "proxy",
            "policies",
            "owners",
            "launchers",
            "platforms",
            "admins",
            "auditors",
            "resource-servers",
            "keys",
            "vault",
            "github",
            "aws",
            "limits");
    Listen listen = ServerSections.listen(root);
    Path data = root.text("data", Shapes::path).orElse(folder.resolve(DEFAULT_DATA));
    Optional<URI> issuer = ServerSections.issuer(root);
    URI effective = issuer.orElse(Config.defaultIssuer(listen.port()));
    Optional<TrustDomain> trustDomain = ServerSections.trustDomain(root, effective);
    PeopleSections people = PeopleSections.read(root, effective);
    TargetSections targets = TargetSections.read(root);
    Optional<ExternalDatabase> database = ServerSections.database(root);
    Optional<URI> proxy = root.text("proxy", (value, base) -> Shapes.http(value));
    Source policies = SourceSections.policies(root, folder);
    Source owners = SourceSections.owners(root, folder);
    Keys keys = ServerSections.keys(root, data);
    Optional<VaultSettings> vault = VaultSection.read(root, keys);
    dev.writ.broker.config.Limits limits = ServerSections.limits(root);
    return trustDomain.map(domain ->
        new Config(
            effective,
            issuer.isEmpty(),
            domain,
            listen,
            data,
            database,
            proxy,
            policies,
            owners,
            people.launchers(),
            people.platforms(),
            people.admins(),
            people.auditors(),
            people.resourceServers(),
            keys,
            vault,
            targets.github(),
            targets.aws(),
            limits));
  }
}
