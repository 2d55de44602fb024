package dev.writ.policy;

import static dev.writ.policy.Denial.Code.INVALID_AUTHORIZATION_DETAILS;
import static dev.writ.policy.Denial.Code.INVALID_SCOPE;
import static dev.writ.policy.Denial.Code.INVALID_TARGET;
import static dev.writ.policy.Examples.unclear;
import static dev.writ.policy.Examples.understood;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Document;
import dev.writ.document.Json;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final Set<String> HOSTS = Set.of("github.com", "ghe.example:8443");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'github','repositories':['acme/api']}",
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}",
        "{'type':'github','account':'acme','repositories':['*']}",
        "{'type':'github','repositories':['*']}",
        "{'type':'aws','role':'" + ROLE + "'}",
        "{'type':'aws','role':'" + ROLE + "','allow':[{'actions':['*'],'resources':['*']}]}",
        "{'type':'internal','audience':'https://deploy.internal'}",
        "{'type':'internal','audience':'https://deploy.internal','scopes':['a','b']}",
      })
  void a_printed_request_reads_back_the_same(String json) {
    Request request = Examples.request(json);
    assertEquals(json, Json.write(request.details()).replace('"', '\''));
    assertEquals(request, Examples.request(Json.write(request.details())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme",
        "acme/",
        "/api",
        "acme/api/",
        "acme//api",
        "acme/api/x",
        "acme/.",
        "acme/..",
        "../api",
        "acme/api.git",
        "acme/api.GIT",
        "acme/api.wiki",
        "acme/api.",
        "acme/a%70i",
        "acme/a pi",
        "acme/api ",
        " acme/api",
        "acme/\u0430pi",
        "acme/\u202eapi",
        "acme/api\\u0000",
        "acme/api\\n",
        "acme\\\\api",
        "acme/api?x",
        "acme/api#x",
        "https://github.com/acme/api",
        "acme/a*",
        "*/api",
        "acme/**",
        "",
        "-acme/api",
        "\uff41cme/api",
        "acme:x/api",
        "acme@/api"
      })
  void refuses_whatever_is_not_exactly_a_repositorys_name(String name) {
    assertMalformed(
        "{'type':'github','repositories':['" + name + "'],'permissions':{'contents':'read'}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'github','repositories':[],'permissions':{'contents':'read'}}",
        "{'type':'github','repositories':['acme/api'],'permissions':{}}",
        "{'type':'github','permissions':{'contents':'read'}}",
        "{'type':'github'}",
        "{'type':'github','repositories':'acme/api'}",
        "{'type':'github','repositories':'*'}",
        "{'type':'github','repositories':['acme/api','evil/api']}",
        "{'type':'github','account':'evil','repositories':['acme/api']}",
        "{'type':'github','account':'evil','repositories':['acme/*']}",
        "{'type':'github','repositories':['*','acme/api']}",
        "{'type':'github','repositories':['acme/*','acme/api']}",
        "{'type':'github','repositories':['acme/api'],'permissions':{'content':'read'}}",
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'all'}}",
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':null}}",
        "{'type':'github','repositories':['acme/api'],'permissions':{'workflows':'read'}}",
        "{'type':'github','repositories':['acme/api'],'permissions':['contents']}",
        "{'type':'github','repositories':['acme/api'],'permissions':null}",
        "{'type':'github','repositories':[['acme/api']]}",
        "{'type':'github','repositories':['acme/api'],'i-know':'x'}",
        "{'type':'github','repositories':['acme/api'],'repositories':['acme/web']}",
        "{'type':'aws'}",
        "{'type':'aws','role':'*'}",
        "{'type':'aws','role':'arn:aws:iam::123456789012:role/a*'}",
        "{'type':'aws','role':'arn:aws:iam::123456789012:role/agents ','allow':[]}",
        "{'type':'aws','role':'" + ROLE + "','allow':[]}",
        "{'type':'aws','role':'" + ROLE + "','allow':null}",
        "{'type':'aws','role':'" + ROLE + "','allow':[{'actions':[],'resources':['*']}]}",
        "{'type':'aws','role':'" + ROLE + "','allow':[{'actions':['s3:*'],'resources':[]}]}",
        "{'type':'aws','role':'" + ROLE + "','allow':[{'actions':['s3:*']}]}",
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':['s3:*'],'resources':['*'],'conditions':{}}]}",
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':['s3:*'],'resources':['arn:aws:s3:::${aws:userid}']}]}",
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':['s3:*'],'resources':['arn:aws:s3:::a/${*}']}]}",
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':['s3:*'],'resources':['arn:aws:s3:::a\\u0022b c']}]}",
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':['s3:Get\\u0022'],'resources':['*']}]}",
        "{'type':'aws','role':'" + ROLE + "','allow':[{'actions':'s3:*','resources':'*'}]}",
        "{'type':'internal'}",
        "{'type':'internal','audience':''}",
        "{'type':'internal','audience':['a']}",
        "{'type':'internal','audience':'a b'}",
        "{'type':'internal','audience':'a','scopes':[]}",
        "{'type':'internal','audience':'a','scopes':['']}",
        "{'type':'internal','audience':'a','scopes':['x y']}",
        "{'type':'internal','audience':'a','scope':'x'}",
        "{'type':'gcp'}",
        "{'type':'GitHub','repositories':['acme/api']}",
        "{'type':7}",
        "{'repositories':['acme/api']}",
        "{}",
        "'github'",
        "null",
      })
  void refuses_what_is_malformed_unknown_or_empty(String element) {
    assertMalformed(element);
  }

  private static void assertMalformed(String element) {
    Denial denial = unclear(Requests.details("[" + element.replace('\'', '"') + "]"));
    assertEquals(INVALID_AUTHORIZATION_DETAILS, denial.code());
    assertEquals(Rule.SYNTAX, denial.rule());
    assertTrue(denial.hint().startsWith("authorization_details: /0"), denial.hint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "null",
        "",
        "[",
        "[{\"type\":\"internal\",\"audience\":\"a\"},{\"type\":\"internal\",\"audience\":\"a\"}]",
        "{\"type\":\"internal\",\"audience\":\"a\"}"
      })
  void a_token_request_has_exactly_one_element(String json) {
    assertEquals(INVALID_AUTHORIZATION_DETAILS, unclear(Requests.details(json)).code());
  }

  @Test
  void a_refusal_names_all_problems_and_the_nearest_name() {
    Denial denial =
        unclear(
            Requests.details(
                "[{\"type\":\"github\",\"repos\":[],\"repositories\":[\"acme/api\"],\"permissions\":{\"isues\":\"read\"}}]"));
    assertEquals(
        "authorization_details: /0/permissions/isues: unknown GitHub permission \"isues\"; did you mean \"issues\"?",
        denial
            .hint()
            .replace(
                "/0/repos: unknown key \"repos\"; known here: type, account, repositories, permissions; ",
                ""));
    assertEquals(
        "authorization_details: /0/type: unknown type \"intrenal\"; did you mean \"internal\"?",
        unclear(Requests.details("[{\"type\":\"intrenal\"}]")).hint());
  }

  @Test
  void a_refusal_of_much_names_ten_problems_and_counts_the_others() {
    String hint =
        unclear(
                Requests.details(
                    "["
                        + "{\"type\":\"internal\",\"audience\":\"a\",\"scopes\":["
                        + "1,".repeat(11)
                        + "1]}]"))
            .hint();
    assertTrue(hint.endsWith("; and 2 more"), hint);
    assertEquals(11, hint.split("; and|/0/scopes", -1).length - 1);
  }

  @Test
  void lists_are_bounded() {
    assertEquals(
        500,
        ((GitHubRequest)
                Examples.request("{'type':'github','repositories':[" + list(500, "acme/r") + "]}"))
            .repositories()
            .size());
    assertMalformed("{'type':'github','repositories':[" + list(501, "acme/r") + "]}");
    assertEquals(
        Optional.of(100),
        ((InternalRequest)
                Examples.request(
                    "{'type':'internal','audience':'a','scopes':[" + list(100, "s") + "]}"))
            .scopes()
            .map(List::size));
    assertMalformed("{'type':'internal','audience':'a','scopes':[" + list(101, "s") + "]}");
    Examples.request(
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':["
            + list(64, "s3:a")
            + "],'resources':['*']}]}");
    assertMalformed(
        "{'type':'aws','role':'"
            + ROLE
            + "','allow':[{'actions':["
            + list(65, "s3:a")
            + "],'resources':['*']}]}");
    String statements =
        IntStream.range(0, 33)
            .mapToObj(i -> "{'actions':['s3:a" + i + "'],'resources':['*']}")
            .collect(Collectors.joining(","));
    assertMalformed("{'type':'aws','role':'" + ROLE + "','allow':[" + statements + "]}");
  }

  private static String list(int count, String stem) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'" + stem + i + "'")
        .collect(Collectors.joining(","));
  }

  @Test
  void a_resource_is_a_repositorys_url_or_a_role() {
    assertEquals(
        List.of("acme/api"),
        understood(Requests.resource("https://github.com/acme/api", HOSTS))
            .details()
            .get("repositories"));
    assertEquals(
        List.of("acme/api"),
        understood(Requests.resource("https://ghe.example:8443/Acme/API", HOSTS))
            .details()
            .get("repositories"));
    assertEquals(
        new AwsRequest(ROLE, Optional.empty()), understood(Requests.resource(ROLE, HOSTS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://github.com",
        "https://github.com/",
        "https://github.com/acme",
        "http://github.com/acme/api",
        "https://github.com/acme/api/",
        "https://github.com/acme/api.git",
        "https://github.com/acme/api?x=1",
        "https://github.com/acme/api#x",
        "https://github.com/acme/%61pi",
        "https://github.com//acme/api",
        "https://github.com/acme/../api",
        "https://github.com@evil.example/acme/api",
        "https://github.com.evil.example/acme/api",
        "https://user@github.com/acme/api",
        "https://github.com:443/acme/api",
        "https://evil.example/acme/api",
        "HTTPS://github.com/acme/api",
        "https://GITHUB.com/acme/api",
        "https://github.com/*/*",
        "https://github.com/acme/*",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:s3:::bucket",
        "urn:x",
        "https://ghe.example/acme/api"
      })
  void anything_else_is_no_target(String resource) {
    Denial denial = unclear(Requests.resource(resource, HOSTS));
    assertEquals(INVALID_TARGET, denial.code());
    assertEquals(Rule.RESOURCE, denial.rule());
  }

  @Test
  void an_audience_is_one_visible_word() {
    for (String audience : List.of("", "a b", "a\n", "\u00e4", "a".repeat(256))) {
      assertEquals(INVALID_TARGET, unclear(Requests.audience(audience, Optional.empty())).code());
    }
    assertEquals(
        new InternalRequest("a".repeat(255), Optional.empty()),
        understood(Requests.audience("a".repeat(255), Optional.empty())));
  }

  @Test
  void scopes_are_separated_by_single_spaces_and_not_empty() {
    for (String scope :
        List.of(
            "",
            " ",
            "a  b",
            " a",
            "a ",
            "a\tb",
            "a\"b",
            "a\\b",
            "x".repeat(129),
            "a ".repeat(100) + "a")) {
      assertEquals(
          INVALID_SCOPE, unclear(Requests.audience("a", Optional.of(scope))).code(), scope);
    }
    assertEquals(
        List.of("a"),
        understood(Requests.audience("a", Optional.of("a ".repeat(99) + "a")))
            .details()
            .get("scopes"));
    assertEquals(
        new InternalRequest("a", Optional.of(List.of("x", "y"))),
        understood(Requests.audience("a", Optional.of("y x y"))));
  }

  @Test
  void a_narrow_has_1_to_32_entries() {
    String entry = "{\"type\":\"internal\",\"audience\":\"a\"}";
    assertEquals(
        32, Requests.narrow("[" + (entry + ",").repeat(31) + entry + "]").orElseThrow().size());
    assertEquals(
        1, Requests.narrow("[" + (entry + ",").repeat(32) + entry + "]").problems().size());
    assertEquals(1, Requests.narrow("[]").problems().size());
  }

  @Test
  void a_narrow_inside_a_larger_document_notes_its_problems_there() {
    Parsed<List<Request>> parsed =
        Document.json(
                "{\"narrow\":[{\"type\":\"internal\",\"audience\":\"a\"},{\"type\":\"x\"}]}",
                Limits.REQUEST)
            .read(root -> Optional.of(Requests.narrow(root.fields("narrow").optional("narrow"))));
    assertEquals(List.of(new Problem("/narrow/1/type", "unknown type \"x\"")), parsed.problems());
    Parsed<List<Request>> absent =
        Document.json("{}", Limits.REQUEST)
            .read(root -> Optional.of(Requests.narrow(root.fields("narrow").optional("narrow"))));
    assertEquals(List.of(), absent.orElseThrow());
  }
}
