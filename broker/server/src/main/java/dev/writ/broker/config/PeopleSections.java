package dev.writ.broker.config;

import dev.writ.document.Fields;
import dev.writ.document.Value;
import dev.writ.policy.LaunchRule;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The sections about who may do what: launchers, platforms, admins, auditors, resource servers. */
record PeopleSections(
    List<Launcher> launchers,
    List<Platform> platforms,
    Set<LaunchRule.By> admins,
    Set<LaunchRule.By> auditors,
    List<ResourceServer> resourceServers) {

  private static final int ITEMS_MAX = 1000;

  /** Words that stand alone in a policy's {@code launch} list. */
  private static final Set<String> RESERVED = Set.of("operator", "agent");

  static PeopleSections read(Section root, URI issuer) {
    List<Launcher> launchers = list(root, "launchers", PeopleSections::launcher);
    List<Platform> platforms = list(root, "platforms", PeopleSections::platform);
    List<LaunchRule.By> admins = list(root, "admins", (value, base) -> Shapes.principal(value));
    List<LaunchRule.By> auditors = list(root, "auditors", (value, base) -> Shapes.principal(value));
    List<ResourceServer> servers = list(root, "resource-servers", PeopleSections::resourceServer);
    PeopleSections people =
        new PeopleSections(
            launchers,
            platforms,
            new LinkedHashSet<>(admins),
            new LinkedHashSet<>(auditors),
            servers);
    if (root.isSound()) {
      people.compare(root, issuer);
    }
    return people;
  }

  private void compare(Section root, URI issuer) {
    Set<String> names = new HashSet<>(launchers.stream().map(Launcher::name).toList());
    refuseLaunchers(root, issuer);
    refuseDuplicates(root, "platforms", platforms.stream().map(Platform::issuer).toList());
    refuseStrangers(root, "admins", names, admins);
    refuseStrangers(root, "auditors", names, auditors);
    refuseStrangers(
        root,
        "resource-servers",
        names,
        resourceServers.stream().map(ResourceServer::principal).toList());
    if (resourceServers.stream().anyMatch(server -> server.audience().equals(issuer.toString()))) {
      root.problem("resource-servers", "the issuer cannot be the audience of a resource server");
    }
  }

  /** The items that are sound; the others have been noted. */
  static <T> List<T> list(Section root, String key, BiFunction<Value, Path, Optional<T>> shape) {
    return root.yaml(
            key,
            (value, base) -> {
              List<T> items = new ArrayList<>();
              value.items(ITEMS_MAX).forEach(item -> shape.apply(item, base).ifPresent(items::add));
              return Optional.of(List.copyOf(items));
            })
        .orElse(List.of());
  }

  private static Optional<Launcher> launcher(Value value, Path base) {
    Fields fields = value.fields("name", "issuer", "audience", "ca", "clients");
    Optional<String> name =
        fields
            .required("name")
            .parsed(
                "a launcher's name of 1 to 63 characters a-z, 0-9 and -, but not operator or agent",
                PeopleSections::launcherName);
    Optional<URI> issuer = Shapes.httpsOrLoopback(fields.required("issuer"));
    Optional<String> audience = Shapes.audience(fields.required("audience"));
    Optional<Path> ca = Shapes.path(fields.optional("ca"), base);
    Map<String, String> clients = new LinkedHashMap<>();
    fields
        .optional("clients")
        .entries(ITEMS_MAX)
        .forEach((client, sub) ->
            sub.string(Shapes.NAME_LENGTH_MAX).ifPresent(text -> clients.put(client, text)));
    return value.whenSound(() ->
        new Launcher(
            name.orElseThrow(), issuer.orElseThrow(), audience.orElseThrow(), ca, clients));
  }

  private static Optional<String> launcherName(String text) {
    return Optional.of(text)
        .filter(name -> name.matches("[a-z0-9-]{1,63}") && !RESERVED.contains(name));
  }

  private static Optional<Platform> platform(Value value, Path base) {
    Fields fields = value.fields("issuer", "ca");
    Optional<URI> issuer = Shapes.https(fields.required("issuer"));
    Optional<Path> ca = Shapes.path(fields.optional("ca"), base);
    return value.whenSound(() -> new Platform(issuer.orElseThrow(), ca));
  }

  private static Optional<ResourceServer> resourceServer(Value value, Path base) {
    Fields fields = value.fields("principal", "audience");
    Optional<LaunchRule.By> principal = Shapes.principal(fields.required("principal"));
    Optional<String> audience = Shapes.audience(fields.required("audience"));
    return value.whenSound(
        () -> new ResourceServer(principal.orElseThrow(), audience.orElseThrow()));
  }

  private void refuseLaunchers(Section root, URI issuer) {
    refuseDuplicates(root, "launchers", launchers.stream().map(Launcher::name).toList());
    refuseDuplicates(root, "launchers", launchers.stream().map(Launcher::issuer).toList());
    if (launchers.stream().anyMatch(launcher -> launcher.issuer().equals(issuer))) {
      root.problem("launchers", "the broker's own issuer cannot be a launcher");
    }
  }

  static void refuseDuplicates(Section root, String key, List<?> values) {
    Set<Object> seen = new HashSet<>();
    values.stream()
        .filter(value -> !seen.add(value))
        .findFirst()
        .ifPresent(value -> root.problem(key, "\"" + value + "\" is there twice"));
  }

  private static void refuseStrangers(
      Section root, String key, Set<String> launchers, Collection<LaunchRule.By> principals) {
    principals.stream()
        .filter(principal -> !launchers.contains(principal.launcher()))
        .findFirst()
        .ifPresent(principal ->
            root.problem(
                key, "\"" + principal + "\" names a launcher that is not under launchers"));
  }
}
