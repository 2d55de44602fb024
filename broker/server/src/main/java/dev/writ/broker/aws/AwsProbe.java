package dev.writ.broker.aws;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Drift;
import dev.writ.broker.remote.Learnt;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.remote.RemoteReply;
import dev.writ.broker.token.WebIdentity;
import dev.writ.broker.token.WebIdentityTokens;
import dev.writ.broker.token.WebIdentityTokens.Part;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.policy.AwsGrant;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Looks at one account's STS as a mint would meet it. The sessions that it is given may do nothing,
 * are as short as STS makes them, and are kept by nobody.
 */
public final class AwsProbe {
  private static final String DENY_ALL =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Resource\":[\"*\"]}]}";

  private static final Set<String> DENIED = Set.of("AccessDenied", "AccessDeniedException");

  private final AwsMinter.Account account;
  private final RemoteClient client;
  private final WebIdentityTokens tokens;
  private final TrustDomain domain;
  private final Clock clock;

  AwsProbe(
      AwsMinter.Account account,
      RemoteClient client,
      WebIdentityTokens tokens,
      TrustDomain domain,
      Clock clock) {
    this.account = account;
    this.client = client;
    this.tokens = tokens;
    this.domain = domain;
    this.clock = clock;
  }

  /** Twelve digits, or empty for a store whose ARNs have none. */
  public String account() {
    return account.id();
  }

  public URI sts() {
    return account.sts();
  }

  /** That the account trusts. */
  public URI issuer() {
    return URI.create(account.issuer());
  }

  public boolean serves(String role) {
    return RoleArn.parse(role).filter(one -> one.account().equals(account.id())).isPresent();
  }

  /** This clock minus STS's, to a second. */
  public Learnt<Duration> ahead(Deadline deadline) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(account.sts() + "/"))
            .header("User-Agent", "writ-broker")
            .build();
    return switch (client.read(request, deadline)) {
      case RemoteReply.Answered answer ->
          Drift.ahead(answer.headers(), clock.instant())
              .map(Learnt::known)
              .orElseGet(() -> Learnt.refused("Its answers bear no date"));
      case RemoteReply.Unanswered(RemoteReply.How _, String why) ->
          Learnt.silent("STS at " + account.sts() + " does not answer: " + why);
    };
  }

  /**
   * Assumes a role as an agent that nobody has.
   *
   * @param policy that the session's tags name, such as {@code operator@7}
   */
  public Trust trust(String role, String policy, Deadline deadline) {
    try {
      Trust whole = assume(role, policy, EnumSet.allOf(Part.class), deadline);
      return whole instanceof Trust.Refused(Trust.Reason reason, String _)
              && reason == Trust.Reason.NOT_ADMITTED
          ? inParts(role, policy, whole, deadline)
          : whole;
    } catch (KeyException unusable) {
      return new Trust.Unanswered("The key that signs for AWS cannot be used now");
    }
  }

  /** STS says the same of all that is not admitted: which part it is shows by leaving it out. */
  private Trust inParts(String role, String policy, Trust whole, Deadline deadline) {
    if (!(assume(role, policy, EnumSet.noneOf(Part.class), deadline) instanceof Trust.Works)) {
      return whole;
    }
    List<String> lacking = new ArrayList<>();
    if (!(assume(role, policy, EnumSet.of(Part.TAGS), deadline) instanceof Trust.Works)) {
      lacking.add("sts:TagSession");
    }
    if (!(assume(role, policy, EnumSet.of(Part.SOURCE_IDENTITY), deadline)
        instanceof Trust.Works)) {
      lacking.add("sts:SetSourceIdentity");
    }
    return lacking.isEmpty() ? whole : new Trust.Lacks(lacking);
  }

  private Trust assume(String role, String policy, Set<Part> parts, Deadline deadline) {
    UUID nobody = UUID.randomUUID();
    WebIdentity identity =
        new WebIdentity(
            account.issuer(),
            new SpiffeId(domain, nobody),
            UUID.randomUUID().toString(),
            Map.of(
                "writ", nobody.toString(),
                "writ-agent", nobody.toString(),
                "writ-owner", "writ doctor",
                "writ-policy", SessionTags.value(policy)));
    SessionRequest request =
        new SessionRequest(new AwsGrant(role, List.of()), DENY_ALL, nobody, account.sessionMin());
    String form = request.form(tokens.issue(identity, parts, clock.instant()));
    return switch (client.make(account.request(form), deadline)) {
      case RemoteReply.Answered answer -> judged(StsAnswer.of(answer));
      case RemoteReply.Unanswered(RemoteReply.How _, String why) ->
          new Trust.Unanswered("STS at " + account.sts() + " does not answer: " + why);
    };
  }

  private static Trust judged(StsAnswer answer) {
    return switch (answer) {
      case StsAnswer.Given(Session session) -> new Trust.Works(session.expiresAt());
      case StsAnswer.Refusal refusal when Throttling.is(refusal.status(), refusal.code()) ->
          new Trust.Unanswered("STS wants to be asked less (" + refusal.said() + ")");
      case StsAnswer.Refusal refusal -> new Trust.Refused(reason(refusal), refusal.said());
      case StsAnswer.Unclear(String said) ->
          new Trust.Unanswered("STS did not say what it did (" + said + ")");
    };
  }

  private static Trust.Reason reason(StsAnswer.Refusal refusal) {
    String code = refusal.code().replaceFirst("Exception$", "");
    String said = refusal.said().toLowerCase(Locale.ROOT);
    if (DENIED.contains(refusal.code())) {
      return Trust.Reason.NOT_ADMITTED;
    }
    return switch (code) {
      case "InvalidIdentityToken" ->
          Optional.of(said)
              .filter(words -> words.contains("no openidconnect provider"))
              .map(words -> Trust.Reason.NO_PROVIDER)
              .or(() ->
                  Optional.of(said)
                      .filter(words -> words.contains("audience"))
                      .map(words -> Trust.Reason.AUDIENCE))
              .orElse(Trust.Reason.KEYS);
      case "IDPCommunicationError" -> Trust.Reason.KEYS;
      case "ExpiredToken" -> Trust.Reason.EXPIRED;
      default -> Trust.Reason.OTHER;
    };
  }
}
