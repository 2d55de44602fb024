package dev.writ.broker.trust;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** An agent's identity: {@code spiffe://<trust domain>/agent/<uuid>}, in this spelling only. */
public record SpiffeId(TrustDomain trustDomain, UUID agent) {

  static final String SCHEME = "spiffe://";
  private static final String AGENT = "/agent/";

  /** SPIFFE-ID section 2.3. */
  private static final int MAX_LENGTH = 2_048;

  private static final Pattern UUID_LOWER_CASE =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** Empty for whatever is not exactly an agent's identity. */
  public static Optional<SpiffeId> parse(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith(SCHEME)) {
      return Optional.empty();
    }
    int path = text.indexOf('/', SCHEME.length());
    if (path < 0 || !text.startsWith(AGENT, path)) {
      return Optional.empty();
    }
    String domain = text.substring(SCHEME.length(), path);
    String uuid = text.substring(path + AGENT.length());
    if (!UUID_LOWER_CASE.matcher(uuid).matches() || TrustDomain.problem(domain).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new SpiffeId(new TrustDomain(domain), UUID.fromString(uuid)));
  }

  /** The identity as it stands in tokens and certificates. */
  @Override
  public String toString() {
    return SCHEME + trustDomain.name() + AGENT + agent;
  }
}
