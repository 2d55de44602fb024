package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the doctor says of two Apps in one account, one of which is not installed. */
class DoctorAppsTest {
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final AppKey KEY = AppKey.generate();
  private static final App INSTALLED = GITHUB.app("writ", KEY);
  private static final App ABSENT = GITHUB.app("writ-two", KEY);

  static {
    INSTALLED.install(GITHUB.organization("acme"), Map.of("contents", "read", "metadata", "read"));
  }

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "everything",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: acme, repositories: [ "*" ], permissions: { contents: read }, i-know: "a test" }
              """)
          .withGitHub(GITHUB, INSTALLED, ABSENT);

  @AfterAll
  static void stops() {
    GITHUB.close();
  }

  @Test
  void each_app_is_judged_by_itself() throws InterruptedException {
    Examined examined = Examined.now(BROKER, "github");

    examined.line("ok acme: 2 Apps share its load: " + INSTALLED.id() + ", " + ABSENT.id());
    examined.line("ok App " + ABSENT.id() + ": ");
    examined.line(
        "fail acme (App " + ABSENT.id() + ")",
        "not installed in acme",
        "-> Let an owner of acme install the App");
    assertEquals(1, examined.failed().size());
    examined.line(
        "warn acme (App " + INSTALLED.id() + ")", "is installed, and reaches no repository");
  }

  @Test
  void the_clocks_of_broker_database_and_github_agree() throws InterruptedException {
    Examined examined = Examined.now(BROKER, "clock");

    examined.line("ok database: The database's clock is 0.");
    examined.line("ok GitHub at localhost:", "The clocks agree within 1 s");
    assertEquals(2, examined.lines().size());
  }
}
