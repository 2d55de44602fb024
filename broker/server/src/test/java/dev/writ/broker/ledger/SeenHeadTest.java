package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.Appended;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a node remembers of the ledger over its restarts. */
class SeenHeadTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir Path folder = Path.of("");

  private static byte[] hash(int of) {
    return Digests.sha256(new byte[] {(byte) of});
  }

  @Test
  void keeps_the_highest_row_over_a_restart() throws Exception {
    Path file = folder.resolve("seen");
    SeenHead seen = SeenHead.load(file);
    seen.advance(7, hash(7));
    seen.advance(6, hash(6));
    seen.save();

    SeenHead again = SeenHead.load(file);

    assertEquals(7, again.get().sequence());
    assertArrayEquals(hash(7), again.get().hash());
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void refuses_a_file_that_it_cannot_read_and_says_what_to_do() throws Exception {
    Path file = folder.resolve("seen");
    for (String text :
        List.of("", "7", "seven " + "0".repeat(64), "7 00", "-1 " + "0".repeat(64))) {
      Files.writeString(file, text);
      IOException refused = assertThrows(IOException.class, () -> SeenHead.load(file));
      assertTrue(String.valueOf(refused.getMessage()).contains("Restore it"), refused.getMessage());
    }
  }

  @Test
  void a_node_that_starts_on_a_database_that_forgot_finds_out_before_it_issues() throws Exception {
    Path file = folder.resolve("seen");
    SeenHead before = SeenHead.load(file);
    before.advance(1_000_000, hash(1));
    before.save();

    SeenHead seen = SeenHead.load(file);
    Acts acts = new Acts(DATABASE.database(), seen, new Metrics());

    LedgerUnavailable refused = assertThrows(LedgerUnavailable.class, acts::verify);
    assertTrue(seen.lost());
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains("row 1000000 is not in it") && text.contains(file.toString()), text);
  }

  @Test
  void a_node_that_records_nothing_sees_what_others_recorded_and_that_it_was_lost()
      throws Exception {
    try (TestLedger ledger = TestLedger.on(DATABASE)) {
      SeenHead seen = SeenHead.load(folder.resolve("seen"));
      Acts idle = new Acts(ledger.database, seen, new Metrics());
      long recorded = recorded(ledger);

      idle.look();
      assertEquals(recorded, seen.sequence());
      idle.look();
      assertFalse(seen.lost());

      seen.advance(recorded + 1, hash(1));
      idle.look();
      assertTrue(seen.lost());
    }
  }

  @Test
  void a_row_that_is_another_one_now_was_lost() throws Exception {
    try (TestLedger ledger = TestLedger.on(DATABASE)) {
      SeenHead seen = SeenHead.load(folder.resolve("seen"));
      long recorded = recorded(ledger);
      seen.advance(recorded, hash(1));

      new Acts(ledger.database, seen, new Metrics()).look();

      assertTrue(seen.lost());
    }
  }

  @Test
  void upkeep_writes_the_head_down_and_keeps_the_lease() throws Exception {
    try (TestLedger ledger = TestLedger.on(DATABASE)) {
      Path file = folder.resolve("seen");
      SeenHead seen = SeenHead.load(file);
      Acts acts = new Acts(ledger.database, seen, new Metrics());
      NodeLease lease = new NodeLease(ledger.database, ledger.node, "n");
      Orphans orphans = new Orphans(ledger.database, acts, ledger.node, id -> false);
      try (LedgerUpkeep upkeep = LedgerUpkeep.start(ledger.database, acts, seen, lease, orphans);
          LedgerWriter writer =
              new LedgerWriter(ledger.database, ledger.node, seen, new Metrics())) {
        writer.append(ledger.row(Kind.REFUSE, ledger.agent()).build());
        for (int i = 0; i < 300 && !Files.exists(file); i++) {
          Thread.sleep(10);
        }
        assertEquals(seen.get().sequence(), SeenHead.load(file).get().sequence());
        assertEquals(Optional.of(true), leased(ledger), upkeep::toString);
      }
      assertEquals(Optional.of(false), leased(ledger));
    }
  }

  private static long recorded(TestLedger ledger) {
    return ((Appended) ledger.append(ledger.row(Kind.REFUSE, ledger.agent()))).sequence();
  }

  private static Optional<Boolean> leased(TestLedger ledger) {
    return ledger.database.autoCommit(session ->
        session.find(
            "SELECT lease_until > clock_timestamp() AS leased FROM node WHERE id = ?",
            row -> row.bool("leased"),
            ledger.node));
  }
}
