package dev.writ.policy;

import dev.writ.document.Document;
import dev.writ.document.Json;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A policy: validated, immutable, compiled. Two policies are equal if their canonical forms are,
 * whatever the order and the format in which they were written.
 */
public final class Policy {
  private final PolicyName name;
  private final Optional<String> description;
  private final Lifetime lifetime;
  private final List<LaunchRule> launch;
  private final List<Principal> owners;
  private final Delegation delegation;
  private final List<Grant> written;
  private final List<Grant> grants;
  private final Authority authority;
  private final String canonical;

  Policy(
      PolicyName name,
      Optional<String> description,
      Lifetime lifetime,
      List<LaunchRule> launch,
      List<Principal> owners,
      Delegation delegation,
      List<Grant> grants) {
    this.name = name;
    this.description = description;
    this.lifetime = lifetime;
    this.launch = Lists.asSet(launch);
    this.owners = Lists.asSet(owners);
    this.delegation = delegation;
    this.written = List.copyOf(grants);
    this.grants = PolicyPrinter.sorted(grants);
    this.authority = Authority.of(this.grants);
    this.canonical = Json.write(PolicyPrinter.tree(this));
  }

  /** Reads a policy as files have it. */
  public static Parsed<Policy> yaml(String text, Bounds bounds) {
    return Document.yaml(text, Limits.FILE).read(new PolicyReader(bounds)::policy);
  }

  /** Reads a policy as Keycloak and the database have it. */
  public static Parsed<Policy> json(String text, Bounds bounds) {
    return Document.json(text, Limits.FILE).read(new PolicyReader(bounds)::policy);
  }

  /** Reads a policy as files have it, and measures what it has for AWS, sound or not. */
  public static Examined examineYaml(String text, Bounds bounds) {
    return examine(Document.yaml(text, Limits.FILE), bounds);
  }

  /** Reads a policy as Keycloak has it, and measures what it has for AWS, sound or not. */
  public static Examined examineJson(String text, Bounds bounds) {
    return examine(Document.json(text, Limits.FILE), bounds);
  }

  private static Examined examine(Document document, Bounds bounds) {
    PolicyReader reader = new PolicyReader(bounds);
    Parsed<Policy> policy = document.read(reader::policy);
    return new Examined(policy, reader.budgets());
  }

  /** Reads a policy that stands in a larger document; problems are noted there. */
  public static Optional<Policy> read(Value value, Bounds bounds) {
    return new PolicyReader(bounds).policy(value);
  }

  public PolicyName name() {
    return name;
  }

  public Optional<String> description() {
    return description;
  }

  public Lifetime lifetime() {
    return lifetime;
  }

  /** Who may launch agents under this policy; nobody if empty. */
  public List<LaunchRule> launch() {
    return launch;
  }

  /** Who may be named as owner besides the launcher and its groups. */
  public List<Principal> owners() {
    return owners;
  }

  public Delegation delegation() {
    return delegation;
  }

  /** As they were written, sorted. */
  public List<Grant> grants() {
    return grants;
  }

  /** The same in the order of the document that was read. */
  List<Grant> written() {
    return written;
  }

  /** A policy of the same name and lifetimes that lets nobody do anything. */
  Policy without() {
    return new Policy(
        name, description, lifetime, List.of(), List.of(), Delegation.NONE, List.of());
  }

  /** What the grants allow together. */
  public Authority authority() {
    return authority;
  }

  /** What whoever looks at this policy should see, dangers first. */
  public List<Flag> flags() {
    return grants.stream()
        .flatMap(grant -> Flags.of(grant).stream())
        .sorted(Comparator.comparing(Flag::severity))
        .toList();
  }

  /**
   * The flags of each grant, in the order in which the grants stand in the document that was read;
   * the canonical form is its own.
   */
  public List<List<Flag>> flagsByGrant() {
    return written.stream().map(Flags::of).toList();
  }

  /** The canonical form, as JSON: what versions are compared by. */
  public String toJson() {
    return canonical;
  }

  /** The canonical form for people; reads back as this policy. */
  public String toYaml() {
    return PolicyPrinter.yaml(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Policy policy && canonical.equals(policy.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  @Override
  public String toString() {
    return canonical;
  }
}
