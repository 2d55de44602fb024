package dev.writ.broker.wire;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;

/**
 * Policies for parents and children. A {@code lead} may have {@code worker}s, which may have
 * workers and {@code helper}s; {@code helper}s have no children.
 */
final class Family {
  static final String DEPLOY = "https://deploy.internal";
  static final String WIKI = "https://wiki.internal";
  static final Ask READ = Ask.internal(DEPLOY, "deploy:read");
  static final Ask STAGING = Ask.internal(DEPLOY, "deploy:staging");

  static final String LEAD =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "operator" ]
      delegation: { depth: 2, policies: [ worker, helper, closed ] }
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
        - github: { account: acme, repositories: [ acme/api, acme/web ], permissions: { contents: write } }
        - aws:
            role: arn:aws:iam::123456789012:role/agents
            allow:
              - actions: [ "s3:GetObject", "s3:PutObject" ]
                resources: [ "arn:aws:s3:::build-artifacts/*" ]
      """;

  static final String WORKER =
      """
      lifetime: { agent: 4h, credential: 30m }
      launch: [ "operator", "agent" ]
      delegation: { depth: 8, policies: [ worker, helper ] }
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging", "deploy:production" ] }
        - github: { account: acme, repositories: [ acme/api, acme/secrets ], permissions: { contents: write, issues: write } }
        - aws:
            role: arn:aws:iam::123456789012:role/agents
            allow:
              - actions: [ "s3:GetObject", "s3:DeleteObject" ]
                resources: [ "arn:aws:s3:::build-artifacts/releases/*" ]
      """;

  static final String HELPER =
      """
      lifetime: { agent: 4h, credential: 30m }
      launch: [ "agent" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
        - internal: { audience: "https://wiki.internal", scopes: [ "wiki:read" ] }
      """;

  /** Listed by {@code lead}, but takes no parent for a launcher. */
  static final String CLOSED = HELPER.replace("\"agent\"", "\"operator\"");

  /** Takes any parent, but {@code lead} does not list it. */
  static final String UNLISTED = HELPER;

  /** Has children, but no grandchildren. */
  static final String SHALLOW = LEAD.replace("depth: 2", "depth: 1");

  private Family() {}

  static TestBroker broker() {
    return TestBroker.withPolicy("lead", LEAD)
        .policy("worker", WORKER)
        .policy("helper", HELPER)
        .policy("closed", CLOSED)
        .policy("unlisted", UNLISTED)
        .policy("shallow", SHALLOW);
  }

  /** A root, its child and its grandchild. */
  record Line(AgentClient root, AgentClient child, AgentClient grandchild) {
    static Line of(TestBroker broker) {
      AgentClient root = broker.agent("lead");
      AgentClient child = broker.child(root, Via.MTLS, Launch.of("worker"));
      return new Line(root, child, broker.child(child, Via.DPOP, Launch.of("helper")));
    }
  }
}
