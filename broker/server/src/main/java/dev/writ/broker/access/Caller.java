package dev.writ.broker.access;

import java.util.Set;
import java.util.UUID;

/** Somebody who has proven who they are. */
public sealed interface Caller {

  /** As policies, the ledger and blame write it. */
  String principal();

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
  }

  /** An agent that showed its key. Whether it lives is judged where it matters. */
  record OfAgent(UUID id) implements Caller {
    @Override
    public String principal() {
      return "agent:" + id;
    }
  }
}
