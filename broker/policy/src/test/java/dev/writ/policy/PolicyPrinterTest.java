package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class PolicyPrinterTest {

  @Test
  void a_printed_policy_reads_back_the_same() {
    for (long seed = 0; seed < 500; seed++) {
      Policy policy = new Generator(seed).policy();
      assertEquals(
          policy, Policy.json(policy.toJson(), Bounds.DEFAULT).orElseThrow(), "seed " + seed);
      assertEquals(
          policy, Policy.yaml(policy.toYaml(), Bounds.DEFAULT).orElseThrow(), "seed " + seed);
      assertEquals(
          policy.authority(),
          Policy.yaml(policy.toYaml(), Bounds.DEFAULT).orElseThrow().authority());
    }
  }

  @Test
  void the_canonical_form_is_fixed() {
    assertEquals(
        "{'name':'operator','description':'Deploys for the platform team','lifetime':{'agent':'12h','credential':'1h'},"
            + "'launch':['agent','keycloak/client:orchestrator','keycloak/group:platform'],'owners':['group:platform'],"
            + "'delegation':{'depth':2,'policies':['operator','reviewer']},'grants':["
            + "{'aws':{'role':'arn:aws:iam::123456789012:role/agents','allow':[{'actions':['s3:GetObject','s3:ListBucket'],"
            + "'resources':['arn:aws:s3:::build-artifacts','arn:aws:s3:::build-artifacts/*'],'conditions':{'StringEquals':{'aws:RequestedRegion':['eu-central-1']}}}]}},"
            + "{'github':{'account':'acme','repositories':['acme/api','acme/web'],'permissions':{'contents':'write','pull_requests':'write'}}},"
            + "{'internal':{'audience':'https://deploy.internal','scopes':['deploy:read','deploy:staging']}}]}",
        Examples.operator().toJson().replace('"', '\''));
  }

  @Test
  void order_repetition_and_notation_make_no_difference() {
    Policy reordered =
        Examples.policy(
            Examples.OPERATOR
                .replace("[ acme/api, acme/web ]", "[ Acme/web, acme/API, acme/web ]")
                .replace(
                    "[ \"deploy:read\", \"deploy:staging\" ]",
                    "[ \"deploy:staging\", \"deploy:read\" ]")
                .replace("credential: 1h", "credential: 3600s")
                .replace("policies: [ operator, reviewer ]", "policies: [ reviewer, operator ]"));
    assertEquals(Examples.operator(), reordered);
    assertEquals(Examples.operator().hashCode(), reordered.hashCode());
  }

  @Test
  void every_member_makes_a_difference() {
    for (String[] change :
        new String[][] {
          {"name: operator", "name: operator2"},
          {"Deploys for", "Works for"},
          {"agent: 12h", "agent: 11h"},
          {"credential: 1h", "credential: 59m"},
          {", \"agent\" ]", " ]"},
          {"owners: [ \"group:platform\" ]", "owners: []"},
          {"depth: 2", "depth: 1"},
          {"[ operator, reviewer ]", "[ operator ]"},
          {"acme/web ]", "acme/www ]"},
          {"pull_requests: write", "pull_requests: read"},
          {"\"s3:ListBucket\"", "\"s3:ListBuckets\""},
          {"build-artifacts/*\"", "build-artifacts/x\""},
          {"eu-central-1", "eu-central-2"},
          {"\"deploy:staging\"", "\"deploy:stage\""},
          {"https://deploy.internal", "https://deploy2.internal"}
        }) {
      Policy changed = Examples.policy(Examples.OPERATOR.replace(change[0], change[1]));
      assertNotEquals(Examples.operator(), changed, change[1]);
    }
  }

  @Test
  void a_reason_is_part_of_the_policy() {
    String all =
        "- github: { account: a, repositories: \"*\", permissions: { contents: read }, i-know: %s }\n";
    assertNotEquals(
        Examples.granting(all.formatted("one")), Examples.granting(all.formatted("two")));
    String aws =
        "- aws: { role: \"arn:aws:iam:::role/x\", allow: [ { actions: [ \"*\" ], resources: [ \"*\" ], i-know: %s } ] }\n";
    assertNotEquals(
        Examples.granting(aws.formatted("one")), Examples.granting(aws.formatted("two")));
  }
}
