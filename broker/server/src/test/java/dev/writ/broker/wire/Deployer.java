package dev.writ.broker.wire;

import dev.writ.fixtures.agent.Ask;

/** A policy whose agents may do one thing, for tests that are about something else. */
final class Deployer {
  static final Ask READ = Ask.internal("https://deploy.internal", "deploy:read");

  private Deployer() {}

  /** A broker that has this policy only, by the name {@code deployer}. */
  static TestBroker broker() {
    return TestBroker.withPolicy(
        "deployer",
        """
        lifetime: { agent: 1h, credential: 15m }
        launch: [ operator ]
        grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] } } ]
        """);
  }
}
