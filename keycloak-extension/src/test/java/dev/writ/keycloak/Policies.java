package dev.writ.keycloak;

import java.util.Arrays;

/** Policies for tests. */
final class Policies {
  static final String ROLE = "arn:aws:iam::123456789012:role/agents";

  private Policies() {}

  /** One that grants scopes at {@code https://deploy.internal}: {@code "deploy:read"}. */
  static String internal(String name, String... scopes) {
    return """
    name: %s
    lifetime: { agent: 1h, credential: 30m }
    launch: [ "keycloak/group:platform" ]
    grants:
      - internal: { audience: "https://deploy.internal", scopes: [ %s ] }
    """
        .formatted(name, String.join(", ", Arrays.stream(scopes).map(s -> '"' + s + '"').toList()));
  }

  /** One with a grant of each kind. */
  static String operator() {
    return """
    name: operator
    description: Deploys for the platform team
    lifetime: { agent: 12h, credential: 1h }
    launch: [ "keycloak/group:platform", "keycloak/client:orchestrator", agent ]
    owners: [ "group:platform" ]
    delegation: { depth: 2, policies: [ operator ] }
    grants:
      - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
      - github:
          account: acme
          repositories: [ acme/api, acme/web ]
          permissions: { contents: write, pull_requests: write }
      - aws:
          role: %s
          allow:
            - { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::build-artifacts/*" ] }
    """
        .formatted(ROLE);
  }
}
