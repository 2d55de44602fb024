package dev.writ.policy;

import static dev.writ.policy.Denial.Code.ACCESS_DENIED;
import static dev.writ.policy.Denial.Code.INVALID_TARGET;
import static dev.writ.policy.Examples.allowed;
import static dev.writ.policy.Examples.authority;
import static dev.writ.policy.Examples.json;
import static dev.writ.policy.Examples.operator;
import static dev.writ.policy.Examples.refused;
import static dev.writ.policy.Examples.request;
import static dev.writ.policy.Examples.understood;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AwsJudgementTest {
  private static final String REGION =
      "'conditions':{'StringEquals':{'aws:RequestedRegion':['eu-central-1']}}";
  private static final Authority OPERATOR = operator().authority();

  @Test
  void carries_the_granted_conditions_over() {
    assertEquals(
        aws(
            "{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::build-artifacts/a/*'],"
                + REGION
                + "}"),
        json(
            allowed(
                OPERATOR,
                aws(
                    "{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::build-artifacts/a/*']}"))));
  }

  @Test
  void the_session_policy_is_iam_json() {
    AwsGrant grant =
        (AwsGrant)
            allowed(
                OPERATOR,
                aws("{'actions':['s3:ListBucket'],'resources':['arn:aws:s3:::build-artifacts']}"));
    assertEquals(
        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':['s3:ListBucket'],'Resource':['arn:aws:s3:::build-artifacts'],"
            + "'Condition':{'StringEquals':{'aws:RequestedRegion':['eu-central-1']}}}]}",
        grant.sessionPolicy().replace('"', '\''));
  }

  @Test
  void quotes_in_a_resource_stay_inside_its_string() {
    String written = "arn:aws:s3:::build-artifacts/\\\"],\\\"Effect\\\":\\\"Allow\\\\";
    AwsGrant grant =
        (AwsGrant)
            allowed(OPERATOR, aws("{'actions':['s3:GetObject'],'resources':['" + written + "']}"));
    String policy = grant.sessionPolicy();
    assertTrue(policy.contains("[\"" + written + "\"]"), policy);
    assertEquals(2, policy.split("\"Effect\":", -1).length, policy);
  }

  @Test
  void grants_all_there_is_to_who_gives_no_detail() {
    String all =
        "{'actions':['s3:GetObject','s3:ListBucket'],'resources':['arn:aws:s3:::build-artifacts','arn:aws:s3:::build-artifacts/*'],"
            + REGION
            + "}";
    assertEquals(
        aws(all), json(allowed(OPERATOR, "{'type':'aws','role':'" + Examples.ROLE + "'}")));
    Request resource = understood(Requests.resource(Examples.ROLE, Set.of()));
    assertEquals(
        OPERATOR.judge(request("{'type':'aws','role':'" + Examples.ROLE + "'}")),
        OPERATOR.judge(resource));
  }

  @Test
  void refuses_an_action_that_no_statement_allows() {
    Denial denial =
        refused(
            OPERATOR,
            aws(
                "{'actions':['s3:GetObject','s3:PutObject'],'resources':['arn:aws:s3:::build-artifacts/a']}"));
    assertEquals(ACCESS_DENIED, denial.code());
    assertEquals(Rule.ACTIONS, denial.rule());
    assertTrue(denial.hint().startsWith("s3:PutObject is not granted here;"), denial.hint());
  }

  @Test
  void refuses_a_resource_beyond_the_granted_one() {
    for (String resource :
        List.of(
            "arn:aws:s3:::build-artifacts*",
            "arn:aws:s3:::build-artifact?",
            "arn:aws:s3:::other/x",
            "arn:aws:s3:::*",
            "*",
            "arn:aws:s3:*:*:build-artifacts",
            "arn:aws:s3:::Build-artifacts")) {
      Denial denial =
          refused(OPERATOR, aws("{'actions':['s3:GetObject'],'resources':['" + resource + "']}"));
      assertEquals(ACCESS_DENIED, denial.code(), resource);
      assertEquals(Rule.RESOURCES, denial.rule(), resource);
    }
  }

  @Test
  void refuses_wildcard_actions_beyond_the_granted_ones() {
    for (String action :
        List.of("s3:*", "s3:Get*", "s3:GetObjec?", "*", "*:GetObject", "s?:GetObject")) {
      Denial denial =
          refused(
              OPERATOR,
              aws("{'actions':['" + action + "'],'resources':['arn:aws:s3:::build-artifacts']}"));
      assertEquals(Rule.ACTIONS, denial.rule(), action);
    }
  }

  @Test
  void compares_actions_without_and_resources_with_case() {
    assertEquals(
        aws(
            "{'actions':['S3:getobject'],'resources':['arn:aws:s3:::build-artifacts'],"
                + REGION
                + "}"),
        json(
            allowed(
                OPERATOR,
                aws("{'actions':['S3:getobject'],'resources':['arn:aws:s3:::build-artifacts']}"))));
    assertEquals(
        Rule.RESOURCES,
        refused(
                OPERATOR,
                aws("{'actions':['s3:getobject'],'resources':['arn:aws:s3:::BUILD-artifacts']}"))
            .rule());
  }

  @Test
  void the_role_is_compared_byte_for_byte() {
    for (String role :
        List.of(
            "arn:aws:iam::210987654321:role/agents",
            "arn:aws:iam::123456789012:role/Agents",
            "arn:aws:iam:::role/agents",
            "arn:aws:iam::123456789012:role/agents/x")) {
      Denial denial = refused(OPERATOR, "{'type':'aws','role':'" + role + "'}");
      assertEquals(INVALID_TARGET, denial.code(), role);
      assertEquals(Rule.ROLE, denial.rule(), role);
    }
  }

  @Test
  void an_action_and_a_resource_must_be_allowed_by_the_same_statement() {
    Authority apart =
        authority(
            """
            - aws:
                role: arn:aws:iam:::role/x
                allow:
                  - { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::a/*" ] }
                  - { actions: [ "s3:PutObject" ], resources: [ "arn:aws:s3:::b/*" ] }
            """);
    String put =
        "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:PutObject'],'resources':['arn:aws:s3:::a/x']}]}";
    assertEquals(Rule.RESOURCES, refused(apart, put).rule());
    String both =
        "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:PutObject'],'resources':['arn:aws:s3:::b/x']},{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::a/x']}]}";
    assertEquals(
        both.replace(
            "[{'actions':['s3:PutObject'],'resources':['arn:aws:s3:::b/x']},{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::a/x']}]",
            "[{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::a/x']},{'actions':['s3:PutObject'],'resources':['arn:aws:s3:::b/x']}]"),
        json(allowed(apart, both)));
  }

  @Test
  void statements_of_the_same_role_add_up_and_keep_their_conditions_apart() {
    Authority two =
        authority(
            """
            - aws:
                role: arn:aws:iam:::role/x
                allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::a/*" ], conditions: { Bool: { "aws:SecureTransport": "true" } } } ]
            - aws:
                role: arn:aws:iam:::role/x
                allow: [ { actions: [ "s3:*" ], resources: [ "arn:aws:s3:::a/b/*" ] } ]
            """);
    String ask =
        "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::a/%s']}]}";
    assertTrue(json(allowed(two, ask.formatted("x"))).contains("SecureTransport"));
    assertEquals(
        ask.formatted("b/x"),
        json(allowed(two, ask.formatted("b/x"))),
        "the statement without conditions allows it already");
  }

  @Test
  void a_lineage_with_conditions_that_exclude_each_other_refuses() {
    Authority both = conditioned("eu-central-1").intersect(conditioned("us-east-1"));
    Denial denial =
        refused(
            both,
            "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::a/x']}]}");
    assertEquals(ACCESS_DENIED, denial.code());
    assertEquals(Rule.CONDITIONS, denial.rule());
    assertEquals(
        Rule.CONDITIONS, refused(both, "{'type':'aws','role':'arn:aws:iam:::role/x'}").rule());
    assertEquals(
        Rule.CONDITIONS,
        refused(
                both.intersect(conditioned("eu-central-1")),
                "{'type':'aws','role':'arn:aws:iam:::role/x'}")
            .rule());
    assertEquals(
        Rule.ACTIONS,
        refused(
                both,
                "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:PutObject'],'resources':['arn:aws:s3:::a/x']}]}")
            .rule());
  }

  @Test
  void conditions_on_other_operators_or_keys_are_conjoined() {
    Authority secure =
        authority(
            """
            - aws:
                role: arn:aws:iam:::role/x
                allow: [ { actions: [ "s3:*" ], resources: [ "arn:aws:s3:::a/*" ], conditions: { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:userid": u } } } ]
            """);
    assertTrue(
        json(allowed(
                conditioned("eu-central-1").intersect(secure),
                "{'type':'aws','role':'arn:aws:iam:::role/x'}"))
            .endsWith(
                "'conditions':{'Bool':{'aws:SecureTransport':['true']},'StringEquals':{'aws:RequestedRegion':['eu-central-1'],'aws:userid':['u']}}}]}"));
  }

  @Test
  void condition_keys_are_the_same_whatever_their_case() {
    Authority lower =
        authority(
            """
            - aws:
                role: arn:aws:iam:::role/x
                allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::a/*" ], conditions: { StringEquals: { "aws:requestedregion": us-east-1 } } } ]
            """);
    assertEquals(
        Rule.CONDITIONS,
        refused(
                conditioned("eu-central-1").intersect(lower),
                "{'type':'aws','role':'arn:aws:iam:::role/x'}")
            .rule());
    assertTrue(
        json(allowed(
                conditioned("us-east-1").intersect(lower),
                "{'type':'aws','role':'arn:aws:iam:::role/x'}"))
            .contains("us-east-1"));
  }

  @Test
  void a_session_policy_has_2048_characters_at_most() {
    int fixed =
        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':['s3:GetObject'],'Resource':[]}]}"
            .length();
    Authority wide =
        authority(
            "- aws: { role: \"arn:aws:iam:::role/x\", allow: [ { actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::a/*\" ] } ] }\n");
    assertEquals(
        2048, ((AwsGrant) allowed(wide, longRequest(2048 - fixed))).sessionPolicy().length());
    Denial denial = refused(wide, longRequest(2049 - fixed));
    assertEquals(ACCESS_DENIED, denial.code());
    assertEquals(Rule.BUDGET, denial.rule());
    assertTrue(denial.hint().contains("2049 characters"), denial.hint());
  }

  /** A request whose list of resources takes this many characters between its brackets. */
  private static String longRequest(int length) {
    String stem = "'arn:aws:s3:::a/";
    int each = 400;
    StringBuilder resources = new StringBuilder();
    for (char i = 'a'; length - resources.length() > each + 100; i++) {
      resources.append(stem).append(i).append("x".repeat(each - stem.length() - 3)).append("',");
    }
    int rest = length - resources.length();
    resources.append(stem).append("y".repeat(rest - stem.length() - 1)).append("'");
    return "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:GetObject'],'resources':["
        + resources
        + "]}]}";
  }

  @Test
  void what_lies_in_no_pattern_of_the_other_is_lost() {
    Authority prefix = at("arn:aws:s3:::a*");
    assertTrue(prefix.intersect(at("arn:aws:s3:::*b")).isEmpty());
    assertEquals(at("arn:aws:s3:::ab*"), prefix.intersect(at("arn:aws:s3:::ab*")));
    assertEquals(at("arn:aws:s3:::ab*"), at("arn:aws:s3:::ab*").intersect(prefix));
  }

  @Test
  void an_empty_list_in_a_policy_allows_nothing() {
    for (String allow :
        List.of(
            "[]",
            "[ { actions: [], resources: [ \"arn:aws:s3:::a\" ] } ]",
            "[ { actions: [ \"s3:GetObject\" ], resources: [] } ]")) {
      Authority nothing =
          authority("- aws: { role: \"arn:aws:iam:::role/x\", allow: " + allow + " }\n");
      assertEquals(
          Rule.ACTIONS, refused(nothing, "{'type':'aws','role':'arn:aws:iam:::role/x'}").rule());
      assertTrue(nothing.isEmpty());
    }
  }

  @Test
  void a_request_of_the_largest_size_is_judged_quickly() {
    String stars =
        IntStream.range(0, 64)
            .mapToObj(i -> "'arn:aws:s3:::a" + i + "*b?c*d?e*f??".repeat(3) + "'")
            .collect(Collectors.joining(","));
    Authority nasty = at("arn:aws:s3:::*a?????????????????????????????????????????????*");
    long before = System.nanoTime();
    refused(
        nasty,
        "{'type':'aws','role':'arn:aws:iam:::role/x','allow':[{'actions':['s3:GetObject'],'resources':["
            + stars
            + "]}]}");
    assertTrue(System.nanoTime() - before < 5_000_000_000L);
  }

  private static Authority at(String resource) {
    return authority(
        "- aws: { role: \"arn:aws:iam:::role/x\", allow: [ { actions: [ \"s3:GetObject\" ], resources: [ \""
            + resource
            + "\" ] } ] }\n");
  }

  private static Authority conditioned(String region) {
    return authority(
        """
        - aws:
            role: arn:aws:iam:::role/x
            allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::a/*" ], conditions: { StringEquals: { "aws:RequestedRegion": %s } } } ]
        """
            .formatted(region));
  }

  private static String aws(String statement) {
    return "{'type':'aws','role':'" + Examples.ROLE + "','allow':[" + statement + "]}";
  }
}
