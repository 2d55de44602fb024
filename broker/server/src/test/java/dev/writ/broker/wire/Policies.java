package dev.writ.broker.wire;

import dev.writ.fixtures.agent.Ask;

/** The policy of most attacks: two scopes at one audience, one repository, one bucket. */
final class Policies {
  static final String DEPLOY = "https://deploy.internal";
  static final Ask READ = Ask.internal(DEPLOY, "deploy:read");

  /** For whoever {@code launch} names. */
  static String deployer(String launch) {
    return """
    lifetime: { agent: 12h, credential: 1h }
    launch: [ %s, "agent" ]
    owners: [ "user:ada", "user:grace" ]
    delegation: { depth: 1, policies: [ deployer ] }
    grants:
      - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
      - github: { account: acme, repositories: [ acme/api, acme/web ], permissions: { contents: read } }
      - aws:
          role: arn:aws:iam::123456789012:role/agents
          allow:
            - actions: [ "s3:GetObject" ]
              resources: [ "arn:aws:s3:::builds/*" ]
    """
        .formatted(launch);
  }

  /** A broker whose operator launches {@code deployer}s. */
  static TestBroker broker() {
    return TestBroker.withPolicy("deployer", deployer("\"operator\""));
  }

  private Policies() {}
}
