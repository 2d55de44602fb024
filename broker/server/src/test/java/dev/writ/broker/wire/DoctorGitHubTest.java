package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.Installation;
import dev.writ.fixtures.github.MintFault;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.http.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code GET /v1/doctor?area=github} says of each thing that can be wrong with an App. */
class DoctorGitHubTest {
  private static final Map<String, String> GRANTED =
      Map.of("contents", "write", "issues", "write", "members", "read", "metadata", "read");

  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final AppKey KEY = AppKey.generate();
  private static final App APP = GITHUB.app("writ", KEY);
  private static final Account ACME = GITHUB.organization("acme");
  private static final Repository API = ACME.repository("api");
  private static final Repository WEB = ACME.repository("web");
  private static final Repository OLD = ACME.repository("old");
  private static final Installation INSTALLATION = APP.install(ACME, GRANTED);

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "operator",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: acme, repositories: [ acme/api, acme/web, acme/old ], permissions: { contents: write, issues: write } }
              """)
          .policy(
              "elsewhere",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: globex, repositories: [ globex/api ], permissions: { contents: read } }
              """)
          .withGitHub(GITHUB, APP);

  @AfterAll
  static void stops() {
    GITHUB.close();
  }

  @AfterEach
  void nothing_is_left_alive() {
    assertEquals(List.of(), GITHUB.liveTokens());
  }

  private static Examined examined() throws InterruptedException {
    return Examined.now(BROKER, "github");
  }

  private static String subject() {
    return "acme (App " + APP.id() + ")";
  }

  @Test
  void says_that_all_is_well_and_what_is_not_needed() throws InterruptedException {
    Examined examined = examined();

    assertEquals(List.of(), examined.failed());
    assertTrue(examined.line("App " + APP.id() + ": ").startsWith("ok "));
    examined.line("ok " + subject(), "installed, for all repositories (3)");
    examined.line("ok " + subject(), "operator@1", "None asks for members");
    examined.line("ok " + subject(), "3 of 3 repositories that policies name are reached");
    examined.line("ok " + subject(), "of 5000 requests are left");
    assertEquals(1, examined.warned().size());
    examined.line("warn globex: No App is configured", "elsewhere@1", "-> Add it to accounts:");
  }

  @Test
  void a_permission_that_a_policy_wants_and_the_account_has_not_granted_is_named()
      throws InterruptedException {
    INSTALLATION.permissions(Map.of("contents", "read", "metadata", "read"));
    try {
      Examined examined = examined();

      assertEquals(1, examined.failed().size());
      examined.line(
          "fail " + subject(),
          "operator@1 wants more than is granted: contents: write (granted: read), issues: write (granted: none)",
          "-> Add it to the permissions of App " + APP.id());
    } finally {
      INSTALLATION.permissions(GRANTED);
    }
  }

  @Test
  void a_suspended_installation_is_told_with_who_can_lift_that() throws InterruptedException {
    INSTALLATION.suspend();
    try {
      Examined examined = examined();

      assertEquals(1, examined.failed().size());
      examined.line("fail " + subject(), "is suspended since 20", "-> Let an owner of acme lift");
    } finally {
      INSTALLATION.unsuspend();
    }
  }

  @Test
  void repositories_that_are_not_selected_or_mistyped_are_named_each() throws InterruptedException {
    INSTALLATION.select(API);
    try {
      Examined examined = examined();

      examined.line("ok " + subject(), "installed, for selected repositories (1)");
      examined.line("ok " + subject(), "1 of 3 repositories");
      assertEquals(2, examined.failed().size());
      examined.line("fail " + subject(), "acme/web, which operator@1 names, is not reached");
      examined.line("fail " + subject(), "acme/old", "-> Correct the name in the policy, or let");
    } finally {
      INSTALLATION.selectAll();
    }
  }

  @Test
  void renamed_and_recreated_repositories_are_told_apart() throws InterruptedException {
    AgentClient agent = BROKER.agent("operator");
    Reply bound =
        agent.exchange(
            Via.MTLS, Ask.github(List.of("acme/web", "acme/old"), Map.of("contents", "read")));
    agent.revoke(Via.MTLS, bound.expect(200).text("access_token")).expect(200);
    long old = OLD.id();
    WEB.rename("site");
    OLD.delete();
    Repository recreated = ACME.repository("old");
    try {
      Examined examined = examined();

      examined.line("warn " + subject(), "acme/web", "is now acme/site", "still meant");
      examined.line(
          "fail " + subject(),
          "acme/old, which operator@1 names, is bound to id " + old,
          "the name belongs to id " + recreated.id() + " now",
          "-> If that one is meant, forget the binding: DELETE /v1/github/repositories/acme/old");
    } finally {
      WEB.rename("web");
      for (String name : List.of("old", "web")) {
        BROKER
            .operator()
            .send("DELETE", "/v1/github/repositories/acme/" + name, Map.of(), "")
            .expect(200);
      }
    }
  }

  @Test
  void a_key_that_the_app_does_not_have_is_not_accepted() throws InterruptedException {
    APP.removeKey(KEY.publicKey());
    try {
      Examined examined = examined();

      assertEquals(1, examined.failed().size());
      examined.line(
          "fail App " + APP.id(),
          "does not accept what the key",
          "-> Compare app-id:, key: and api:");
    } finally {
      APP.addKey(KEY.publicKey());
    }
  }

  @Test
  void an_answer_wider_than_asked_is_ended_and_told() throws InterruptedException {
    GITHUB.everyMint(MintFault.morePermissions("issues", "write"));
    try {
      examined().line("fail " + subject(), "gave more than was asked for");
    } finally {
      GITHUB.heal();
    }
  }

  @Test
  void asks_github_nothing_while_what_it_found_is_some_seconds_old() throws InterruptedException {
    examined();
    int asked = GITHUB.requests().size();

    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      answers.add(
          BROKER.operator().send("GET", "/v1/doctor?area=github", Map.of(), "").expect(200).body());
    }

    assertEquals(1, answers.size());
    assertEquals(asked, GITHUB.requests().size());
  }

  @Test
  void shows_no_key_and_no_token() throws InterruptedException {
    String all = String.join("\n", examined().lines());

    assertFalse(all.contains("ghs_"), all);
    assertFalse(all.contains("eyJ"), all);
    assertFalse(all.contains("PRIVATE"), all);
  }
}
