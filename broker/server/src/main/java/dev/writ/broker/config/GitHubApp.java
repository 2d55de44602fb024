package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One GitHub App and the accounts it is installed in. */
public record GitHubApp(
    URI api, String appId, List<KeyRef> keys, List<String> accounts, Optional<Path> ca) {
  static final String PUBLIC_API_HOST = "api.github.com";

  public GitHubApp {
    keys = List.copyOf(keys);
    accounts = List.copyOf(accounts);
  }

  /** The host, with its port if it has one, that git clones from. */
  public String gitHost() {
    return api.getHost().equals(PUBLIC_API_HOST) ? "github.com" : api.getAuthority();
  }
}
