package dev.writ.policy;

import static dev.writ.policy.Denial.Code.INVALID_AUTHORIZATION_DETAILS;
import static dev.writ.policy.Denial.Code.INVALID_TARGET;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All that an agent may be given. It starts as what a policy grants and shrinks from there: {@link
 * #intersect} and {@link #narrow} never hold more than this, and there is nothing that widens.
 * Immutable; equal authority is equal.
 */
public final class Authority {
  /** Nothing at all. */
  public static final Authority NONE = new Authority(Map.of(), Map.of(), Map.of());

  private final SortedMap<String, GitHubAuthority> gitHub;
  private final SortedMap<String, AwsAuthority> aws;
  private final SortedMap<String, InternalAuthority> internal;

  private Authority(
      Map<String, GitHubAuthority> gitHub,
      Map<String, AwsAuthority> aws,
      Map<String, InternalAuthority> internal) {
    this.gitHub = Collections.unmodifiableSortedMap(new TreeMap<>(gitHub));
    this.aws = Collections.unmodifiableSortedMap(new TreeMap<>(aws));
    this.internal = Collections.unmodifiableSortedMap(new TreeMap<>(internal));
  }

  /** What {@code policy} grants, compiled once per policy. */
  public static Authority of(Policy policy) {
    return policy.authority();
  }

  static Authority of(List<Grant> grants) {
    return sum(
        grants.stream()
            .map(grant ->
                grant.<Authority>fold(
                    one -> at(GitHubAuthority.of(one)),
                    one -> at(AwsAuthority.of(one)),
                    one -> at(InternalAuthority.of(one)))));
  }

  private static Authority at(GitHubAuthority one) {
    return new Authority(Map.of(one.account(), one), Map.of(), Map.of());
  }

  private static Authority at(AwsAuthority one) {
    return new Authority(Map.of(), Map.of(one.role(), one), Map.of());
  }

  private static Authority at(InternalAuthority one) {
    return new Authority(Map.of(), Map.of(), Map.of(one.audience(), one));
  }

  /** By account. */
  SortedMap<String, GitHubAuthority> gitHub() {
    return gitHub;
  }

  /** By role. */
  SortedMap<String, AwsAuthority> aws() {
    return aws;
  }

  /** By audience. */
  SortedMap<String, InternalAuthority> internal() {
    return internal;
  }

  /** Private, for it widens: only one policy's grants, or one narrow's entries, are added up. */
  private static Authority sum(Stream<Authority> parts) {
    Map<String, GitHubAuthority> gitHub = new TreeMap<>();
    Map<String, AwsAuthority> aws = new TreeMap<>();
    Map<String, InternalAuthority> internal = new TreeMap<>();
    parts.forEach(part -> {
      part.gitHub.forEach((name, one) -> gitHub.merge(name, one, GitHubAuthority::join));
      part.aws.forEach((name, one) -> aws.merge(name, one, AwsAuthority::join));
      part.internal.forEach((name, one) -> internal.merge(name, one, InternalAuthority::join));
    });
    return new Authority(gitHub, aws, internal);
  }

  /** What both allow. */
  public Authority intersect(Authority other) {
    return new Authority(
        meet(gitHub, other.gitHub, GitHubAuthority::meet),
        meet(aws, other.aws, AwsAuthority::meet),
        meet(internal, other.internal, InternalAuthority::meet));
  }

  private static <T> Map<String, T> meet(
      Map<String, T> some, Map<String, T> others, BinaryOperator<T> meet) {
    Map<String, T> both = new TreeMap<>();
    some.forEach((target, one) ->
        Optional.ofNullable(others.get(target))
            .ifPresent(other -> both.put(target, meet.apply(one, other))));
    return both;
  }

  /**
   * What this allows of {@code requests}; an entry without detail keeps all there is at its target,
   * and no entries keep nothing. What the entries ask beyond this is left out: see {@link
   * #refusals} to say so.
   */
  public Authority narrow(List<Request> requests) {
    return intersect(sum(requests.stream().flatMap(request -> asked(request).stream())));
  }

  private Optional<Authority> asked(Request request) {
    return request.fold(
        asked -> account(asked).map(gitHub::get).map(here -> at(here.asked(asked))),
        asked -> Optional.ofNullable(aws.get(asked.role())).map(here -> at(here.asked(asked))),
        asked ->
            Optional.ofNullable(internal.get(asked.audience())).map(here -> at(here.asked(asked))));
  }

  /** The refusals of those {@code requests} that ask for more than this allows. */
  public List<Denial> refusals(List<Request> requests) {
    return requests.stream()
        .map(this::judge)
        .flatMap(judgement ->
            judgement instanceof Judgement.Refused refused
                ? Stream.of(refused.denial())
                : Stream.empty())
        .toList();
  }

  /**
   * Grants {@code request}, or all that there is at its target where it gives no detail, or refuses
   * it whole.
   */
  public Judgement judge(Request request) {
    return request.fold(this::judgeGitHub, this::judgeAws, this::judgeInternal);
  }

  private Judgement judgeGitHub(GitHubRequest request) {
    Optional<String> account = account(request);
    if (account.isEmpty() && !gitHub.isEmpty()) {
      String hint = "\"*\" of which account? Name it in \"account\"";
      return refuse(INVALID_AUTHORIZATION_DETAILS, Rule.ACCOUNT, request, gitHubGrants(), hint);
    }
    return account
        .map(gitHub::get)
        .map(here -> here.judge(request))
        .orElseGet(() -> unnamed(request, Rule.ACCOUNT, account.orElse("GitHub"), gitHubGrants()));
  }

  /** The account that is asked for: the only one there is, if none is named. */
  private Optional<String> account(GitHubRequest request) {
    return request
        .account()
        .or(() -> gitHub.size() == 1 ? Optional.of(gitHub.firstKey()) : Optional.empty());
  }

  private Judgement judgeAws(AwsRequest request) {
    AwsAuthority here = aws.get(request.role());
    return here == null
        ? unnamed(request, Rule.ROLE, request.role(), grants(aws, AwsAuthority::grants))
        : here.judge(request);
  }

  private Judgement judgeInternal(InternalRequest request) {
    InternalAuthority here = internal.get(request.audience());
    return here == null
        ? unnamed(
            request, Rule.AUDIENCE, request.audience(), grants(internal, InternalAuthority::grants))
        : here.judge(request);
  }

  private static Judgement unnamed(
      Request request, Rule rule, String target, List<? extends Grant> allowed) {
    String hint =
        allowed.isEmpty()
            ? "no grant names " + target + "; have the policy changed"
            : "no grant names %s; ask for a target under \"allowed\", or have the policy changed"
                .formatted(target);
    return refuse(INVALID_TARGET, rule, request, allowed, hint);
  }

  private static Judgement refuse(
      Denial.Code code, Rule rule, Request request, List<? extends Grant> allowed, String hint) {
    return new Judgement.Refused(Denial.of(code, rule, request, allowed, hint));
  }

  /** All of it, target by target, in a stable order. */
  public List<Grant> grants() {
    return Stream.<List<? extends Grant>>of(
            gitHubGrants(),
            grants(aws, AwsAuthority::grants),
            grants(internal, InternalAuthority::grants))
        .<Grant>flatMap(List::stream)
        .toList();
  }

  private List<GitHubGrant> gitHubGrants() {
    return grants(gitHub, GitHubAuthority::grants);
  }

  private static <T, G extends Grant> List<G> grants(
      Map<String, T> targets, Function<T, List<G>> grants) {
    return targets.values().stream().map(grants).flatMap(List::stream).toList();
  }

  /** Whether nothing at all is allowed. */
  public boolean isEmpty() {
    return grants().isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Authority authority
        && gitHub.equals(authority.gitHub)
        && aws.equals(authority.aws)
        && internal.equals(authority.internal);
  }

  @Override
  public int hashCode() {
    return Objects.hash(gitHub, aws, internal);
  }

  @Override
  public String toString() {
    return grants().toString();
  }
}
