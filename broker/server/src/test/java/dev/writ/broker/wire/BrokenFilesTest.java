package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose files are edited, broken, mended and removed while it works. */
class BrokenFilesTest {
  private static final String DEPLOY = "https://deploy.internal";
  private static final String POLICY =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "operator" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
      """;

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy("deployer", POLICY).policy("reader", POLICY).embedded();

  private String policies;
  private String owners;

  @BeforeEach
  void remember() throws IOException {
    policies = Files.readString(BROKER.policyFile("deployer"));
    owners = Files.readString(BROKER.ownersFile());
  }

  @AfterEach
  void mend() throws IOException {
    replace(BROKER.policyFile("deployer"), policies);
    replace(BROKER.ownersFile(), owners);
    eventually("all is well again", () -> BROKER.metric("writ_files_broken") == 0);
    eventually("the policy is there again", () -> BROKER.metric("writ_policies") == 2);
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What {@code /health/ready} says is broken; the node is ready all the same. */
  private static JsonNode broken() {
    Reply ready = BROKER.management("/health/ready").expect(200);
    assertEquals("UP", ready.text("status"));
    return ready.json().path("broken");
  }

  @Test
  void a_broken_policy_file_keeps_its_last_good_version_says_so_and_is_taken_when_it_is_mended()
      throws IOException {
    AgentClient agent = BROKER.agent("deployer");
    assertTrue(broken().isEmpty(), () -> broken().toString());

    replace(BROKER.policyFile("deployer"), policies.replace("grants:", "grants: {"));
    eventually("one file is broken", () -> BROKER.metric("writ_files_broken") == 1);

    assertTrue(broken().path("deployer.yaml").asText().length() > 10, () -> broken().toString());
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    assertEquals("deploy:read", token.text("scope"));
    BROKER.agent("deployer");

    replace(BROKER.policyFile("deployer"), policies.replace("deploy:read", "deploy:write"));
    eventually("nothing is broken", () -> BROKER.metric("writ_files_broken") == 0);

    assertTrue(broken().isEmpty(), () -> broken().toString());
    token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    assertEquals("deploy:write", token.text("scope"));
  }

  @Test
  void a_sound_policy_is_taken_although_another_file_is_broken() throws IOException {
    AgentClient agent = BROKER.agent("reader");
    String sound = Files.readString(BROKER.policyFile("reader"));
    replace(BROKER.policyFile("deployer"), "name: [");
    eventually("one file is broken", () -> BROKER.metric("writ_files_broken") == 1);

    replace(BROKER.policyFile("reader"), sound.replace("deploy:read", "deploy:list"));
    eventually(
        "the change is in force",
        () ->
            agent
                .exchange(Via.MTLS, Ask.audience(DEPLOY))
                .expect(200)
                .text("scope")
                .equals("deploy:list"));

    replace(BROKER.policyFile("reader"), sound);
  }

  @Test
  void a_removed_policy_file_is_a_withdrawn_policy() throws IOException {
    AgentClient agent = BROKER.agent("deployer");
    Files.delete(BROKER.policyFile("deployer"));
    eventually("the policy is withdrawn", () -> BROKER.metric("writ_policies") == 1);

    Reply refused = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(400);

    assertEquals("policy", refused.json().path("denial").path("rule").asText(), refused::toString);
    assertEquals(0, BROKER.metric("writ_files_broken"));
    BROKER.operator().launch(Launch.of("deployer").owner("user:ada")).expect(404);
  }

  @Test
  void no_policy_is_withdrawn_for_being_missing_while_a_file_is_broken() throws IOException {
    AgentClient agent = BROKER.agent("deployer");
    Path other = BROKER.policyFile("other");
    replace(other, "name: [");
    eventually("one file is broken", () -> BROKER.metric("writ_files_broken") == 1);

    String first = broken().path("other.yaml").asText();

    Files.delete(BROKER.policyFile("deployer"));
    replace(other, "colour: blue");
    eventually(
        "the folder was read again", () -> !broken().path("other.yaml").asText().equals(first));
    agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    Files.delete(other);
    eventually("the policy is withdrawn", () -> BROKER.metric("writ_policies") == 1);
  }

  @Test
  void a_broken_owners_file_keeps_its_last_good_version_says_so_and_is_taken_when_it_is_mended()
      throws IOException {
    replace(BROKER.ownersFile(), owners.replace("members:", "membres:"));
    eventually("one file is broken", () -> BROKER.metric("writ_files_broken") == 1);

    assertTrue(broken().path("owners").asText().contains("membres"), () -> broken().toString());
    AgentClient agent = BROKER.agent(Launch.of("deployer").owner("group:platform"));
    agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    replace(BROKER.ownersFile(), owners.replace("mallory", "mallory, hedy"));
    eventually("nothing is broken", () -> BROKER.metric("writ_files_broken") == 0);

    BROKER.agent(Launch.of("deployer").owner("user:hedy"));
  }

  @Test
  void a_removed_owners_file_keeps_its_last_good_version_and_says_so() throws IOException {
    Files.delete(BROKER.ownersFile());
    eventually("one file is broken", () -> BROKER.metric("writ_files_broken") == 1);

    AgentClient agent = BROKER.agent("deployer");
    agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
  }
}
