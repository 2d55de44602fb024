package dev.writ.broker.access;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.writ.broker.access.OidcProvider.Verification;
import dev.writ.broker.token.ForeignJwt;
import dev.writ.policy.Principal;
import java.net.Proxy;
import java.text.ParseException;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The people and services that log in at a configured OpenID provider. */
public final class Launchers {
  private static final int GROUPS_MAX = 1_000;

  /** Keycloak gives the accounts of its service clients such user names; they are no people. */
  private static final String SERVICE_ACCOUNT = "service-account-";

  private record Entry(OidcLauncher launcher, OidcProvider provider) {}

  private final Map<String, Entry> byIssuer = new LinkedHashMap<>();
  private final Bindings bindings;

  public Launchers(
      List<OidcLauncher> launchers, Optional<Proxy> proxy, Bindings bindings, Clock clock) {
    this.bindings = bindings;
    for (OidcLauncher launcher : launchers) {
      PlainRetriever retriever = new PlainRetriever(launcher.tls(), proxy);
      byIssuer.put(
          launcher.issuer(), new Entry(launcher, new OidcProvider(launcher, retriever, clock)));
    }
  }

  /** The {@code iss} of each. */
  public List<String> issuers() {
    return List.copyOf(byIssuer.keySet());
  }

  public boolean none() {
    return byIssuer.isEmpty();
  }

  /** Whom an access token stands for. */
  public Recognised recognise(String token) {
    Optional<String> problem = ForeignJwt.problem(token);
    if (problem.isPresent()) {
      return new Recognised.Refused("of the access token: " + problem.get());
    }
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      Entry entry = byIssuer.get(String.valueOf(parsed.getJWTClaimsSet().getIssuer()));
      return entry == null
          ? new Recognised.Refused("the access token is of an issuer that is not configured here")
          : switch (entry.provider.verify(parsed)) {
            case Verification.Verified(JWTClaimsSet claims) -> caller(entry.launcher, claims);
            case Verification.Invalid(String reason) -> new Recognised.Refused(reason);
            case Verification.Unavailable(String reason) -> new Recognised.Unavailable(reason);
          };
    } catch (ParseException malformed) {
      return new Recognised.Refused("the access token is not a signed JWT");
    }
  }

  private Recognised caller(OidcLauncher launcher, JWTClaimsSet claims) throws ParseException {
    Optional<Set<String>> groups = groups(claims);
    if (groups.isEmpty()) {
      return new Recognised.Refused(
          "the access token's groups are not a list of at most " + GROUPS_MAX + " names");
    }
    Optional<String> azp = Optional.ofNullable(claims.getStringClaim("azp"));
    if (azp.isPresent() && isClientItself(launcher, azp.get(), claims.getSubject())) {
      return new Recognised.Known(new Caller.Workload(launcher.name(), azp.get(), groups.get()));
    }
    String user = claims.getStringClaim("preferred_username");
    if (user == null || Principal.of("user:" + user).isEmpty()) {
      return new Recognised.Refused(
          "the access token names no user (preferred_username) and no configured client");
    }
    if (user.startsWith(SERVICE_ACCOUNT)) {
      return new Recognised.Refused(
          "this is the token of a service account; list its client with its sub under launchers[].clients");
    }
    return bindings.belongsTo("user:" + user, claims.getIssuer(), claims.getSubject())
        ? new Recognised.Known(new Caller.Person(launcher.name(), user, groups.get()))
        : new Recognised.Refused(
            "the user name "
                + user
                + " belongs to another account; if it was given to somebody else on purpose, an admin has to forget"
                + " whose it was: DELETE /v1/users/"
                + user
                + "/account");
  }

  /** A person who logs in through an orchestrator's client is not that orchestrator. */
  private static boolean isClientItself(OidcLauncher launcher, String client, String subject) {
    return Principal.of("client:" + client).isPresent()
        && (client.equals(subject) || subject.equals(launcher.clients().get(client)));
  }

  private static Optional<Set<String>> groups(JWTClaimsSet claims) throws ParseException {
    List<String> names = claims.getStringListClaim("groups");
    if (names == null) {
      return Optional.of(Set.of());
    }
    if (names.size() > GROUPS_MAX || names.stream().anyMatch(Objects::isNull)) {
      return Optional.empty();
    }
    Set<String> groups = new HashSet<>();
    for (String name : names) {
      groups.add(name.startsWith("/") ? name.substring(1) : name);
    }
    return Optional.of(Set.copyOf(groups));
  }
}
