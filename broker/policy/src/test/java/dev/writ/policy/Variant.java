package dev.writ.policy;

import java.util.List;
import java.util.stream.Stream;

/** The example policy with one thing changed, and what the reader says to it. */
record Variant(String from, String to, List<String> problems, boolean schemaAgrees) {

  String yaml() {
    if (!Examples.OPERATOR.contains(from)) {
      throw new AssertionError("not in the example: " + from);
    }
    return Examples.OPERATOR.replace(from, to);
  }

  private static Variant sound(String from, String to) {
    return new Variant(from, to, List.of(), true);
  }

  private static Variant broken(String from, String to, String... problems) {
    return new Variant(from, to, List.of(problems), true);
  }

  /** Broken in a way that a schema cannot say. */
  private static Variant subtle(String from, String to, String... problems) {
    return new Variant(from, to, List.of(problems), false);
  }

  static Stream<Variant> all() {
    return Stream.of(top(), github(), aws(), internal()).flatMap(s -> s);
  }

  private static Stream<Variant> top() {
    String launch = "[ \"keycloak/group:platform\", \"keycloak/client:orchestrator\", \"agent\" ]";
    String expectedLaunch =
        "expected <launcher>/user:x, <launcher>/group:x or <launcher>/client:x, \"operator\" or \"agent\", got ";
    String expectedName = "expected a policy name of 1 to 63 characters a-z, 0-9 and -, got ";
    String duration = "expected a duration such as 12h, 90m, 900s or 7d, got ";
    return Stream.of(
        sound("name: operator", "name: operator"),
        sound("name: operator", "name: " + "a".repeat(63)),
        broken(
            "name: operator",
            "name: " + "a".repeat(64),
            "line 1, column 7: " + expectedName + "\"" + "a".repeat(64) + "\""),
        broken(
            "name: operator",
            "name: Operator",
            "line 1, column 7: " + expectedName + "\"Operator\""),
        broken(
            "name: operator",
            "name: oper_ator",
            "line 1, column 7: " + expectedName + "\"oper_ator\""),
        broken(
            "name: operator",
            "name: \"\"",
            "line 1, column 7: expected 1 to 2048 characters, got 0"),
        broken(
            "name: operator",
            "name: 7",
            "line 1, column 7: expected a policy name of 1 to 63 characters a-z, 0-9 and -, got the number 7; put it in quotes if text is meant"),
        sound("name: operator", "name: \"7\""),
        broken("name: operator\n", "", "line 1, column 1: missing key \"name\""),
        broken(
            "name: operator",
            "name: operator\nextra: 1",
            "line 2, column 1: unknown key \"extra\"; known here: name, description, lifetime, launch, owners, delegation, grants"),
        sound("description: Deploys for the platform team\n", ""),
        sound("Deploys for the platform team", "d".repeat(1000)),
        broken(
            "Deploys for the platform team",
            "d".repeat(1001),
            "line 2, column 14: expected 1 to 1000 characters, got 1001"),
        sound("{ agent: 12h, credential: 1h }", "{ agent: 24h, credential: 60m }"),
        sound("{ agent: 12h, credential: 1h }", "{ agent: 1s, credential: 1s }"),
        subtle(
            "{ agent: 12h, credential: 1h }",
            "{ agent: 86401s, credential: 3601s }",
            "line 3, column 20: expected 1s to 24h, got 86401s",
            "line 3, column 40: expected 1s to 1h, got 3601s"),
        broken("agent: 12h", "agent: 0s", "line 3, column 20: expected 1s to 24h, got 0s"),
        broken("agent: 12h", "agent: 12 hours", "line 3, column 20: " + duration + "\"12 hours\""),
        broken(
            "{ agent: 12h, credential: 1h }",
            "{ agent: 12h }",
            "line 3, column 11: missing key \"credential\""),
        broken(
            "lifetime: { agent: 12h, credential: 1h }\n",
            "",
            "line 1, column 1: missing key \"lifetime\""),
        sound(launch, "[]"),
        sound(launch, "[ operator ]"),
        sound(launch, "[ \"k/user:ada\", \"k/group:a/b c\", \"k/client:x/y\" ]"),
        broken(launch, "operator", "line 4, column 9: expected a list, got \"operator\""),
        broken(launch, "[ anyone ]", "line 4, column 11: " + expectedLaunch + "\"anyone\""),
        broken(
            launch,
            "[ \"group:platform\" ]",
            "line 4, column 11: " + expectedLaunch + "\"group:platform\""),
        broken(
            launch,
            "[ \"k/group:/platform\" ]",
            "line 4, column 11: " + expectedLaunch + "\"k/group:/platform\""),
        broken(
            launch,
            "[ \"k/group:a//b\" ]",
            "line 4, column 11: " + expectedLaunch + "\"k/group:a//b\""),
        broken(
            launch,
            "[ \"k/group:a/\" ]",
            "line 4, column 11: " + expectedLaunch + "\"k/group:a/\""),
        broken(
            launch,
            "[ \"k/user: ada\" ]",
            "line 4, column 11: " + expectedLaunch + "\"k/user: ada\""),
        broken(launch, "[ \"k/user:\" ]", "line 4, column 11: " + expectedLaunch + "\"k/user:\""),
        broken(
            launch,
            "[ \"K/user:ada\" ]",
            "line 4, column 11: " + expectedLaunch + "\"K/user:ada\""),
        broken(
            launch,
            "[ \"k/role:ada\" ]",
            "line 4, column 11: " + expectedLaunch + "\"k/role:ada\""),
        broken("launch: " + launch + "\n", "", "line 1, column 1: missing key \"launch\""),
        sound("owners: [ \"group:platform\" ]\n", ""),
        sound("[ \"group:platform\" ]", "[ \"user:ada\" ]"),
        broken(
            "owners: [ \"group:platform\" ]",
            "owners: [ \"client:x\" ]",
            "line 5, column 11: expected user:<name> or group:<name>, got \"client:x\""),
        sound("delegation: { depth: 2, policies: [ operator, reviewer ] }\n", ""),
        sound("depth: 2", "depth: 0"),
        sound("depth: 2", "depth: 8"),
        broken(
            "depth: 2",
            "depth: 9",
            "line 6, column 22: expected a whole number from 0 to 8, got the number 9"),
        broken(
            "depth: 2",
            "depth: -1",
            "line 6, column 22: expected a whole number from 0 to 8, got the number -1"),
        broken("depth: 2, ", "", "line 6, column 13: missing key \"depth\""),
        broken(
            "{ depth: 2, policies: [ operator, reviewer ] }",
            "{ depth: 2 }",
            "line 6, column 13: missing key \"policies\""),
        broken(
            "policies: [ operator, reviewer ]",
            "policies: [ Operator ]",
            "line 6, column 37: " + expectedName + "\"Operator\""),
        broken(
            "  - internal:",
            "  - github: { account: acme, repositories: [], permissions: {} }\n    internal:",
            "line 18, column 5: expected exactly one of github, aws, internal"),
        broken(
            "  - internal:",
            "  - {}\n  - internal:",
            "line 18, column 5: expected exactly one of github, aws, internal"),
        broken(
            "  - internal:",
            "  - intern:",
            "line 18, column 5: unknown key \"intern\"; did you mean \"internal\"?",
            "line 18, column 5: expected exactly one of github, aws, internal"));
  }

  private static Stream<Variant> github() {
    String repositories = "[ acme/api, acme/web ]";
    String expected =
        "line 10, column 23: expected \"*\" alone or a repository written owner/name, without .git, got ";
    return Stream.of(
        sound("account: acme", "account: Acme"),
        broken(
            "account: acme",
            "account: ac.me",
            "line 9, column 16: expected a GitHub account, got \"ac.me\""),
        broken("      account: acme\n", "", "line 9, column 7: missing key \"account\""),
        sound(repositories, "[]"),
        sound(repositories, "[ ACME/Api, acme/.github ]"),
        sound(repositories, "acme/api"),
        broken(repositories, "[ api ]", expected + "\"api\""),
        broken(repositories, "[ acme/api.git ]", expected + "\"acme/api.git\""),
        broken(repositories, "[ acme/api. ]", expected + "\"acme/api.\""),
        broken(repositories, "[ acme/.. ]", expected + "\"acme/..\""),
        broken(repositories, "[ acme/a/b ]", expected + "\"acme/a/b\""),
        broken(repositories, "[ \"acme/*\" ]", expected + "\"acme/*\""),
        broken(repositories, "[ \"acme/\u0430pi\" ]", expected + "\"acme/\\u0430pi\""),
        subtle(
            repositories,
            "[ evil/api ]",
            "line 10, column 23: expected a repository of \"acme\": one account at a time"),
        broken(
            repositories,
            "\"*\"",
            "line 10, column 21: \"*\" means every repository of the installation, later ones included: if it is meant, put i-know: \"<reason>\" beside it"),
        broken(
            repositories,
            "[ \"*\" ]",
            "line 10, column 21: \"*\" means every repository of the installation, later ones included: if it is meant, put i-know: \"<reason>\" beside it"),
        sound(repositories, "\"*\"\n      i-know: an index of our code"),
        sound(repositories, "[ \"*\" ]\n      i-know: an index of our code"),
        broken(
            repositories,
            "\"*\"\n      i-know: \"\"",
            "line 11, column 15: expected 1 to 256 characters, got 0"),
        broken(
            repositories,
            "[ \"*\", acme/api ]\n      i-know: x",
            "line 10, column 21: \"*\" has all repositories already: let it stand alone, or name them"),
        sound("{ contents: write, pull_requests: write }", "{}"),
        sound(
            "{ contents: write, pull_requests: write }",
            "{ members: read, repository_projects: admin }"),
        broken(
            "contents: write",
            "content: write",
            "line 11, column 22: unknown GitHub permission \"content\"; did you mean \"contents\"?"),
        broken(
            "contents: write",
            "contents: admin",
            "line 11, column 22: expected one of read, write, got \"admin\""),
        broken(
            "contents: write",
            "workflows: read",
            "line 11, column 22: expected one of write, got \"read\""),
        broken(
            "contents: write",
            "contents: wirte",
            "line 11, column 22: expected one of read, write, got \"wirte\"; did you mean \"write\"?"),
        broken(
            "      permissions: { contents: write, pull_requests: write }\n",
            "",
            "line 9, column 7: missing key \"permissions\""));
  }

  private static Stream<Variant> aws() {
    String actions = "[ \"s3:GetObject\", \"s3:ListBucket\" ]";
    String resources = "[ \"arn:aws:s3:::build-artifacts\", \"arn:aws:s3:::build-artifacts/*\" ]";
    String conditions = "{ StringEquals: { \"aws:RequestedRegion\": \"eu-central-1\" } }";
    String reasoned = ": if it is meant, put i-know: \"<reason>\" beside it";
    String role =
        "line 13, column 13: expected a role's ARN such as arn:aws:iam::123456789012:role/agents, got ";
    String action =
        "line 15, column 22: expected an action such as s3:GetObject, s3:Get* or *, got ";
    String resource =
        "line 16, column 24: expected an ARN of six parts such as arn:aws:s3:::bucket/*, or *, without policy variables, got ";
    return Stream.of(
        sound("arn:aws:iam::123456789012:role/agents", "arn:aws:iam:::role/x/y"),
        sound("arn:aws:iam::123456789012:role/agents", "arn:aws-us-gov:iam::123456789012:role/x"),
        broken(
            "arn:aws:iam::123456789012:role/agents",
            "arn:aws:iam::12345678901:role/x",
            role + "\"arn:aws:iam::12345678901:role/x\""),
        broken(
            "arn:aws:iam::123456789012:role/agents",
            "arn:aws:iam::123456789012:user/x",
            role + "\"arn:aws:iam::123456789012:user/x\""),
        broken(
            "arn:aws:iam::123456789012:role/agents",
            "arn:aws:iam::123456789012:role/*",
            role + "\"arn:aws:iam::123456789012:role/*\""),
        sound(actions, "[]"),
        sound(actions, "[ \"s3:*\", \"ec2:Describe?*\" ]"),
        broken(actions, "[ GetObject ]", action + "\"GetObject\""),
        broken(actions, "[ \"s3:Get Object\" ]", action + "\"s3:Get Object\""),
        broken(
            actions,
            "[ \"sts:AssumeRole\" ]",
            "line 15, column 11: action sts:AssumeRole can give away more authority" + reasoned),
        broken(
            actions,
            "[ \"IAM:*\" ]",
            "line 15, column 11: action IAM:* can give away more authority" + reasoned),
        broken(
            actions, "[ \"*\" ]", "line 15, column 11: action * reaches every service" + reasoned),
        broken(
            actions,
            "[ \"s*:GetObject\" ]",
            "line 15, column 11: action s*:GetObject reaches every service" + reasoned),
        sound(actions, "[ \"*\", \"sts:*\", \"iam:*\" ]\n          i-know: an emergency account"),
        sound(resources, "[]"),
        sound(resources, "[ \"arn:aws:dynamodb:eu-central-1:123456789012:table/x\" ]"),
        broken(
            resources,
            "[ \"arn:aws:s3:::a\", bucket ]",
            resource.replace("24", "42") + "\"bucket\""),
        broken(resources, "[ \"arn:aws:s3*\" ]", resource + "\"arn:aws:s3*\""),
        broken(
            resources,
            "[ \"arn:aws:s3:::${aws:userid}/*\" ]",
            resource + "\"arn:aws:s3:::${aws:userid}/*\""),
        broken(
            resources,
            "[ \"arn:aws:s3:::" + "x".repeat(513) + "\" ]",
            resource + "\"arn:aws:s3:::" + "x".repeat(67) + "...\""),
        broken(
            resources,
            "[ \"*\" ]",
            "line 15, column 11: resource * reaches every service" + reasoned),
        broken(
            resources,
            "[ \"arn:aws:s?:::x\" ]",
            "line 15, column 11: resource arn:aws:s?:::x reaches every service" + reasoned),
        broken(
            resources,
            "[ \"arn:*:s3:::x\" ]",
            "line 15, column 11: resource arn:*:s3:::x reaches every service" + reasoned),
        sound(resources, "[ \"*\" ]\n          i-know: lists buckets"),
        sound("          conditions: " + conditions + "\n", ""),
        sound(
            conditions,
            "{ \"ForAnyValue:StringLikeIfExists\": { \"aws:PrincipalTag/team\": [ a, b ] } }"),
        broken(
            conditions,
            "{ StringEqual: { \"aws:x\": y } }",
            "line 17, column 25: unknown condition operator \"StringEqual\"; did you mean \"StringEquals\"?"),
        broken(
            conditions,
            "{ StringEquals: {} }",
            "line 17, column 25: expected at least one condition key"),
        broken(
            conditions,
            "{ StringEquals: { region: y } }",
            "line 17, column 41: expected a condition key such as aws:RequestedRegion, got \"region\""),
        broken(
            conditions,
            "{ StringEquals: { \"aws:x\": [] } }",
            "line 17, column 41: expected at least one value"),
        broken(
            conditions,
            "{ Bool: { \"aws:x\": true } }",
            "line 17, column 33: expected text, got true; put it in quotes if text is meant"),
        subtle(
            conditions,
            "{ StringEquals: { \"aws:x\": y, \"AWS:X\": y } }",
            "line 17, column 53: duplicate condition key \"AWS:X\": IAM ignores case"),
        broken(
            conditions,
            "{ StringEquals: { \"aws:x\": y } }\n          effect: Deny",
            "line 18, column 11: unknown key \"effect\"; known here: actions, resources, conditions, i-know"),
        subtle(
            resources,
            "[ " + longResources(2049) + " ]",
            "line 15, column 9: the session policy takes 2049 characters: AWS takes at most 2048"),
        sound(resources, "[ " + longResources(2048) + " ]"));
  }

  /** Resources with which the example's session policy has this length. */
  private static String longResources(int length) {
    int fixed =
        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':['s3:GetObject','s3:ListBucket'],'Resource':[],'Condition':{'StringEquals':{'aws:RequestedRegion':['eu-central-1']}}}]}"
            .length();
    String stem = "\"arn:aws:s3:::";
    StringBuilder resources = new StringBuilder();
    for (char c = 'a'; c < 'e'; c++) {
      resources.append(stem).append(String.valueOf(c).repeat(385)).append("\",");
    }
    int rest = length - fixed - resources.length() - stem.length() - 1;
    return resources + stem + "e".repeat(rest) + "\"";
  }

  private static Stream<Variant> internal() {
    String scopes = "[ \"deploy:read\", \"deploy:staging\" ]";
    String reserved =
        " is the audience of other tokens (the issuer's, STS's or a launcher's): give the resource server one of its own";
    return Stream.of(
        sound("https://deploy.internal", "deploy"),
        broken(
            "https://deploy.internal",
            "\"a b\"",
            "line 19, column 17: expected an audience of 1 to 255 visible ASCII characters, got \"a b\""),
        subtle(
            "https://deploy.internal",
            "sts.amazonaws.com",
            "line 19, column 17: \"sts.amazonaws.com\"" + reserved),
        subtle(
            "https://deploy.internal",
            "https://STS.eu-central-1.amazonaws.com/",
            "line 19, column 17: \"https://STS.eu-central-1.amazonaws.com/\"" + reserved),
        sound(scopes, "[]"),
        broken(
            scopes,
            "[ \"a b\" ]",
            "line 20, column 17: expected a scope of 1 to 128 visible ASCII characters without \" and \\, got \"a b\""),
        broken(
            scopes,
            "[ \"a\\\"b\" ]",
            "line 20, column 17: expected a scope of 1 to 128 visible ASCII characters without \" and \\, got \"a\\\"b\""),
        broken("      scopes: " + scopes + "\n", "", "line 19, column 7: missing key \"scopes\""));
  }
}
