package dev.writ.broker.access;

import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Somebody who has proven who they are. */
public sealed interface Caller {

  /** As policies, the ledger and blame write it. */
  String principal();

  /** What configuration may call it by: its principal, and each of its groups. */
  default Set<String> names() {
    return Set.of(principal());
  }

  /** Whoever can read the operator token, while no launcher is configured. */
  record Operator() implements Caller {
    @Override
    public String principal() {
      return "operator";
    }
  }

  /**
   * A person.
   *
   * @param launcher name of the configured OpenID provider
   * @param name {@code preferred_username}, bound to issuer and subject
   * @param groups full paths without the leading slash
   */
  record Person(String launcher, String name, Set<String> groups) implements Caller {
    @Override
    public String principal() {
      return launcher + "/user:" + name;
    }

    @Override
    public Set<String> names() {
      return namesOf(principal(), launcher, groups);
    }

    /** As owners are written. */
    public String owner() {
      return "user:" + name;
    }
  }

  /** An orchestrator or other service that logged in as itself. */
  record Workload(String launcher, String client, Set<String> groups) implements Caller {
    @Override
    public String principal() {
      return launcher + "/client:" + client;
    }

    @Override
    public Set<String> names() {
      return namesOf(principal(), launcher, groups);
    }
  }

  /** An agent that showed its key. Whether it lives is judged where it matters. */
  record OfAgent(UUID id) implements Caller {
    @Override
    public String principal() {
      return "agent:" + id;
    }
  }

  private static Set<String> namesOf(String principal, String launcher, Set<String> groups) {
    return Stream.concat(
            Stream.of(principal), groups.stream().map(group -> launcher + "/group:" + group))
        .collect(Collectors.toUnmodifiableSet());
  }
}
