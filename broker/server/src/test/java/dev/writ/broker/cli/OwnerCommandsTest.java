package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerCommandsTest {
  private static final String ID = "0192f0c8-7a1b-7000-8000-000000000001";

  @TempDir Path folder;
  private TestBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new TestBroker(folder);
    shell = Shell.in(folder).environment(broker.environment());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void who_names_the_person_on_duty() {
    broker.on(
        "GET /v1/owners/group:platform/ops team",
        200,
        """
        {"owner":"group:platform/ops team","accountable":"user:ada",
         "from":"2026-11-23T08:00:00Z","until":"2026-11-30T08:00:00Z"}
        """);

    assertEquals(
        """
        user:ada answers now for group:platform/ops team.
          from   2026-11-23 08:00 UTC (09:00 Europe/Berlin)
          until  2026-11-30 08:00 UTC (09:00 Europe/Berlin)
        """,
        shell.run("owner", "who", "group:platform/ops team").out());
  }

  @Test
  void who_asks_about_an_instant_in_utc() {
    broker.on(
        "GET /v1/owners/group:platform?at=2026-03-29T00%3A30%3A00Z",
        200, "{\"owner\":\"group:platform\",\"accountable\":\"user:grace\"}");

    Ended who = shell.run("owner", "who", "group:platform", "--at", "2026-03-29T01:30:00+01:00");

    assertEquals("user:grace answers for group:platform.\n", who.out());
  }

  @Test
  void who_takes_owners_and_times_only() {
    assertEquals(2, shell.run("owner", "who", "platform").code());
    assertEquals(2, shell.run("owner", "who", "client:orchestrator").code());
    assertEquals(2, shell.run("owner", "who", "group:platform", "--at", "yesterday").code());
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void hand_over_tells_whether_it_took_effect() {
    broker.on(
        "POST /v1/agents/" + ID + "/owner",
        200,
        "{\"owner\":\"user:grace\",\"accountable\":\"user:grace\"}");
    assertEquals(
        "The agent " + ID + " is user:grace's now.\n",
        shell.run("owner", "hand-over", ID, "user:grace").out());
    assertEquals(Shell.json("{\"owner\":\"user:grace\"}"), broker.lastBody());

    assertEquals(
        "The agent "
            + ID
            + " is offered to group:data. Until they accept, user:grace answers for it.\n",
        shell.run("owner", "hand-over", ID, "group:data").out());
  }

  @Test
  void apply_sends_the_document_as_json() throws IOException {
    Files.writeString(
        folder.resolve("owners.yaml"),
        """
        users: [ grace, ada ]
        groups:
          - name: platform
            members: [ ada, grace ]
            rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
            overrides: [ { from: 2026-12-24, until: 2026-12-27, user: grace } ]
        """);
    broker.on("POST /v1/owners/apply", 200, "{}");

    Ended apply = shell.run("owner", "apply", "owners.yaml", "--comment", "new team");

    assertEquals(0, apply.code(), apply::toString);
    assertEquals(
        Shell.json(
            """
            {"comment":"new team","owners":{"users":["ada","grace"],"groups":[
              {"name":"platform","members":["ada","grace"],
               "rotation":{"weeks":1,"handover":"Mon 09:00 Europe/Berlin","from":"2026-01-05"},
               "overrides":[{"from":"2026-12-23T23:00:00Z","until":"2026-12-26T23:00:00Z",
               "user":"grace"}]}]}}
            """),
        broker.lastBody());
  }

  @Test
  void apply_of_a_broken_file_tells_all_errors_and_sends_nothing() throws IOException {
    Files.writeString(
        folder.resolve("owners.yaml"),
        """
        users: [ ada, ada ]
        groups: [ { name: platform, members: [ grace ] } ]
        """);

    Ended apply = shell.run("owner", "apply", "owners.yaml", "--comment", "c");

    assertEquals(1, apply.code());
    assertEquals(
        """
        writ: owners.yaml: line 1, column 15: the user "ada" is there twice
        owners.yaml: line 2, column 11: missing key "rotation"
        owners.yaml: line 2, column 40: "grace" is not among the users of this document
        Nothing was sent.
        """,
        apply.err());
    assertTrue(broker.requests().isEmpty());
  }
}
