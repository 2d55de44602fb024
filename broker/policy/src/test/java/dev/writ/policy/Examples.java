package dev.writ.policy;

import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import java.util.List;

/** Policies and requests for tests. */
final class Examples {
  static final String ROLE = "arn:aws:iam::123456789012:role/agents";

  /** The example of the language's description. */
  static final String OPERATOR =
      """
      name: operator
      description: Deploys for the platform team
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "keycloak/group:platform", "keycloak/client:orchestrator", "agent" ]
      owners: [ "group:platform" ]
      delegation: { depth: 2, policies: [ operator, reviewer ] }
      grants:
        - github:
            account: acme
            repositories: [ acme/api, acme/web ]
            permissions: { contents: write, pull_requests: write }
        - aws:
            role: arn:aws:iam::123456789012:role/agents
            allow:
              - actions: [ "s3:GetObject", "s3:ListBucket" ]
                resources: [ "arn:aws:s3:::build-artifacts", "arn:aws:s3:::build-artifacts/*" ]
                conditions: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } }
        - internal:
            audience: https://deploy.internal
            scopes: [ "deploy:read", "deploy:staging" ]
      """;

  private Examples() {}

  static Policy operator() {
    return policy(OPERATOR);
  }

  static Policy policy(String yaml) {
    return Policy.yaml(yaml, Bounds.DEFAULT).orElseThrow();
  }

  /** A policy with these grants and nothing else of note. */
  static Policy granting(String grants) {
    return policy(
        "name: p\nlifetime: { agent: 1h, credential: 1h }\nlaunch: []\ngrants:\n"
            + grants.indent(2));
  }

  static Authority authority(String grants) {
    return granting(grants).authority();
  }

  static List<String> problems(String yaml) {
    return problems(yaml, Bounds.DEFAULT);
  }

  static List<String> problems(String yaml, Bounds bounds) {
    return Policy.yaml(yaml, bounds).problems().stream().map(Problem::toString).toList();
  }

  /** A request written with single quotes. */
  static Request request(String json) {
    return requests("[" + json + "]").get(0);
  }

  static List<Request> requests(String json) {
    Parsed<List<Request>> parsed = Requests.narrow(json.replace('\'', '"'));
    return parsed.orElseThrow();
  }

  static Grant allowed(Authority authority, String json) {
    Judgement judgement = authority.judge(request(json));
    if (judgement instanceof Judgement.Allowed allowed) {
      return allowed.grant();
    }
    throw new AssertionError("refused: " + judgement);
  }

  static Denial refused(Authority authority, String json) {
    return refused(authority.judge(request(json)));
  }

  static Denial refused(Judgement judgement) {
    if (judgement instanceof Judgement.Refused refused) {
      return refused.denial();
    }
    throw new AssertionError("allowed: " + judgement);
  }

  static Denial unclear(Asked asked) {
    if (asked instanceof Asked.Unclear unclear) {
      return unclear.denial();
    }
    throw new AssertionError("understood: " + asked);
  }

  static Request understood(Asked asked) {
    if (asked instanceof Asked.For understood) {
      return understood.request();
    }
    throw new AssertionError("not understood: " + asked);
  }

  static String json(Grant grant) {
    return dev.writ.document.Json.write(grant.details()).replace('"', '\'');
  }
}
