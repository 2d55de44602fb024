package dev.writ.broker.aws;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Grant;
import dev.writ.broker.exchange.Intent;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.remote.RemoteReply;
import dev.writ.broker.token.WebIdentity;
import dev.writ.broker.token.WebIdentityTokens;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.policy.AwsGrant;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions of one account's roles: each with the session policy of its grant, and no other. */
public final class AwsMinter implements Minter, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AwsMinter.class);

  /** Two requests; whoever waits for it waits a little longer. */
  private static final Duration MINT_MAX = Duration.ofSeconds(12);

  /** STS's answers have about 3 KB. */
  private static final int BODY_BYTES_MAX = 64 * 1024;

  private static final int AT_ONCE_MAX = 50;

  /** Of AWS, whatever a role allows (AssumeRoleWithWebIdentity, DurationSeconds). */
  private static final Duration SESSION_MAX = Duration.ofHours(12);

  /** How far STS's clock may be from this one. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(30);

  /** How long after a rotation another node, or what reads the keys there, may be behind. */
  private static final Duration FRESH_KEY = Duration.ofSeconds(10);

  private static final Duration BEHIND_MAX = Duration.ofMillis(1_100);

  /** Refusals that keys which are a little behind would explain, or that pass by themselves. */
  private static final Set<String> OF_THE_TOKEN = Set.of("AccessDenied", "InvalidIdentityToken");

  private static final Set<String> PASSING =
      Set.of("IDPCommunicationError", "IDPCommunicationErrorException");

  private final Account account;
  private final RemoteClient client;
  private final WebIdentityTokens tokens;
  private final Complaints complaints;
  private final Clock clock;

  /**
   * An account as it is configured.
   *
   * @param id twelve digits, or empty for a store whose ARNs have no account
   * @param sts root of its STS
   * @param issuer that it trusts
   * @param sessionMin the shortest session that STS gives
   */
  public record Account(String id, URI sts, String issuer, Duration sessionMin) {

    /** As a sentence begins with it. */
    String where() {
      return id.isEmpty() ? "The S3 store at " + sts.getAuthority() : "AWS";
    }

    HttpRequest request(String form) {
      return HttpRequest.newBuilder(URI.create(sts + "/"))
          .POST(BodyPublishers.ofString(form))
          .header("Content-Type", "application/x-www-form-urlencoded")
          .header("Accept", "application/xml")
          .header("User-Agent", "writ-broker")
          .build();
    }

    String minter() {
      return "aws:" + (id.isEmpty() ? sts.getAuthority() : id);
    }
  }

  /**
   * How STS is reached.
   *
   * @param tls whom to trust; empty: whom the machine trusts
   */
  public record Connection(
      Optional<SSLContext> tls, Optional<InetSocketAddress> proxy, Duration requestMax) {
    public Connection(Optional<SSLContext> tls, Optional<InetSocketAddress> proxy) {
      this(tls, proxy, RemoteClient.WHOLE_MAX);
    }
  }

  public AwsMinter(Account account, Connection connection, WebIdentityTokens tokens, Clock clock) {
    this.account = account;
    this.client =
        new RemoteClient(
            connection.tls,
            connection.proxy,
            new RemoteClient.Bounds(connection.requestMax, BODY_BYTES_MAX, AT_ONCE_MAX));
    this.tokens = tokens;
    this.complaints = new Complaints(account.where(), account.issuer);
    this.clock = clock;
  }

  /** Looks at what it would use, as agents of this trust domain would. */
  public AwsProbe probe(TrustDomain domain) {
    return new AwsProbe(account, client, tokens, domain, clock);
  }

  @Override
  public String name() {
    return account.minter();
  }

  /** By the account in the role's ARN: a role of the same name elsewhere is another role. */
  @Override
  public boolean serves(dev.writ.policy.Grant grant) {
    return grant.fold(gitHub -> false, aws -> role(aws).isPresent(), internal -> false);
  }

  private Optional<RoleArn> role(AwsGrant grant) {
    return RoleArn.parse(grant.role()).filter(role -> role.account().equals(account.id));
  }

  @Override
  public Duration lifeMin(dev.writ.policy.Grant grant) {
    return account.sessionMin;
  }

  @Override
  public Minted mint(Intent intent) {
    Grant grant = intent.grant();
    return grant
        .allowed()
        .<Minted>fold(
            gitHub -> new Minted.Refused("This is no AWS grant"),
            aws -> mint(grant, aws),
            internal -> new Minted.Refused("This is no AWS grant"));
  }

  private Minted mint(Grant grant, AwsGrant wanted) {
    Optional<RoleArn> role = role(wanted);
    if (role.isEmpty()) {
      return new Minted.Refused("The role " + wanted.role() + " is of another account");
    }
    Optional<Duration> life = life(grant, clock.instant());
    if (life.isEmpty()) {
      return new Minted.Refused(
          "A session takes at least %d s, and would outlive the agent: extend the agent"
              .formatted(account.sessionMin.toSeconds()));
    }
    return switch (SessionRequest.of(wanted, grant.agent().id(), life.get())) {
      case SessionRequest.Made.Unsound(String why) -> new Minted.Refused(why);
      case SessionRequest.Made.Sound(SessionRequest request) -> {
        try {
          yield ask(grant, role.get(), request);
        } catch (KeyException unusable) {
          log.error("The STS key cannot be used: {}", unusable.getMessage());
          yield new Minted.Unavailable("The key that signs for AWS cannot be used now");
        }
      }
    };
  }

  /**
   * As long as was granted, at least what STS gives at least. A session cannot be ended, so it ends
   * before its agent: where life is short, by more than clocks may differ.
   */
  private Optional<Duration> life(Grant grant, Instant now) {
    Instant agentEnd =
        grant.agent().line().stream()
            .map(AgentRecord::expiresAt)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Instant end = earlier(grant.expiresAt(), agentEnd.minus(CLOCKS_APART));
    Duration left = Duration.ofSeconds(Duration.between(now, end).toSeconds());
    Duration most = left.compareTo(SESSION_MAX) < 0 ? left : SESSION_MAX;
    Duration life = most.compareTo(account.sessionMin) > 0 ? most : account.sessionMin;
    return Optional.of(life).filter(session -> !now.plus(session).isAfter(agentEnd));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Once more where a refusal may be for what passes in a moment. */
  private Minted ask(Grant grant, RoleArn role, SessionRequest request) {
    Deadline deadline = Deadline.in(MINT_MAX);
    RemoteReply reply = send(grant, request, deadline);
    if (reply instanceof RemoteReply.Answered answer
        && StsAnswer.of(answer) instanceof StsAnswer.Refusal refusal
        && passes(refusal)
        && pause()) {
      reply = send(grant, request, deadline);
    }
    return switch (reply) {
      case RemoteReply.Answered answer -> judged(grant, role, request, StsAnswer.of(answer));
      case RemoteReply.Unanswered silence -> silent(silence, request);
    };
  }

  private boolean passes(StsAnswer.Refusal refusal) {
    boolean fresh = clock.instant().isBefore(tokens.signsSince().plus(FRESH_KEY));
    return PASSING.contains(refusal.code()) || fresh && OF_THE_TOKEN.contains(refusal.code());
  }

  private static boolean pause() {
    try {
      Thread.sleep(BEHIND_MAX);
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private RemoteReply send(Grant grant, SessionRequest request, Deadline deadline) {
    WebIdentity identity =
        new WebIdentity(
            account.issuer,
            grant.agent().spiffeId(),
            grant.writ().toString(),
            SessionTags.of(grant));
    String form = request.form(tokens.issue(identity, clock.instant()));
    return client.make(account.request(form), deadline);
  }

  private Minted silent(RemoteReply.Unanswered silence, SessionRequest request) {
    String words = account.where() + " does not answer: " + silence.why();
    return switch (silence.how()) {
      case NOT_SENT -> new Minted.Unavailable(words);
      case CUT, LATE -> new Minted.Unknown(words + nobodyHasIt(request));
    };
  }

  private String nobodyHasIt(SessionRequest request) {
    return "; if it made a session, nobody has it, and it ends by itself before "
        + clock.instant().plus(request.life()).plus(CLOCKS_APART).truncatedTo(ChronoUnit.SECONDS);
  }

  private Minted judged(Grant grant, RoleArn role, SessionRequest request, StsAnswer answer) {
    return switch (answer) {
      case StsAnswer.Given(Session session) -> compared(grant, role, request, session);
      case StsAnswer.Refusal refusal ->
          complaints.of(request.grant().role(), refusal, clock.instant());
      case StsAnswer.Unclear(String said) ->
          new Minted.Unknown(
              account.where() + " did not say what it did (" + said + ")" + nobodyHasIt(request));
    };
  }

  private Minted compared(Grant grant, RoleArn role, SessionRequest request, Session session) {
    Instant now = clock.instant();
    if (!session.expiresAt().isAfter(now)) {
      return new Minted.Refused(
          "The session has ended already, at %s by the clock of STS. Is this machine's right?"
              .formatted(session.expiresAt()));
    }
    Minted.Issued issued = issued(grant, session);
    String asked = role.session(request.sessionName());
    if (!session.user().equals(asked)) {
      return new Minted.TooWide(issued, "it is a session of another role or name than " + asked);
    }
    Duration longer = Duration.between(now.plus(request.life()), session.expiresAt());
    return longer.compareTo(CLOCKS_APART) > 0
        ? new Minted.TooWide(
            issued, "it ends at %s, %d s late".formatted(session.expiresAt(), longer.toSeconds()))
        : issued;
  }

  /** What the session holds cannot be read from the answer: what was asked is what was given. */
  private static Minted.Issued issued(Grant grant, Session session) {
    return new Minted.Issued(
        session.credentialProcess(),
        TokenType.AWS_CREDENTIALS,
        grant.allowed(),
        session.expiresAt(),
        session.expiresAt(),
        false,
        Optional.of(session.accessKeyId()));
  }

  /** STS ends no session before its time. */
  @Override
  public Ending revoke(Held held) {
    return new Ending.DiesAt(
        held.diesAt(),
        account.where()
            + " cannot end one session; to stop it now, deny its aws:SourceIdentity, the agent's UUID (docs/aws.md)");
  }

  @Override
  public void close() {
    client.close();
  }
}
