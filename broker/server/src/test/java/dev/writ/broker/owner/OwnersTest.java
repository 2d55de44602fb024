package dev.writ.broker.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.policy.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnersTest {
  private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
  private static final String FILE =
      """
      users: [ ada, grace ]
      groups:
        - name: platform
          members: [ ada, grace ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
          overrides:
            - { from: 2026-02-24T09:00:00+01:00, until: 2026-02-25, user: grace }
      """;
  private static final Owners OWNERS = applied(Owners.empty(), FILE, NOW);

  @Test
  void makes_a_user_always_accountable_for_what_is_theirs() {
    assertEquals(
        new Duty.Accountable("ada", Duty.BEGINNING, Duty.END),
        OWNERS.accountable(owner("user:ada"), NOW));
  }

  @Test
  void finds_who_is_on_duty_in_a_group() {
    assertEquals("ada", person("group:platform", "2026-01-12T07:59:59Z"));
    assertEquals("grace", person("group:platform", "2026-01-12T08:00:00Z"));
    assertEquals("grace", person("group:platform", "2026-02-24T08:00:00Z"));
  }

  @Test
  void finds_nobody_for_who_is_unknown_or_cannot_own() {
    for (String owner : List.of("user:eve", "group:none", "client:orchestrator")) {
      assertInstanceOf(Duty.Nobody.class, OWNERS.accountable(owner(owner), NOW), owner);
      assertFalse(OWNERS.contains(owner(owner)));
    }
  }

  @Test
  void knows_who_is_a_member() {
    assertTrue(OWNERS.isMember("ada", "platform"));
    assertFalse(OWNERS.isMember("eve", "platform"));
    assertFalse(OWNERS.isMember("ada", "none"));
    assertEquals(Set.of("platform"), OWNERS.groupsOf("grace"));
  }

  @Test
  void says_what_a_new_document_changes_and_removes() {
    String next =
        """
        users: [ ada, grace, linus ]
        groups:
          - { name: data, members: [ linus ], rotation: { weeks: 2, handover: "Fri 17:00 UTC", from: 2026-01-02 } }
        """;
    OwnersEdit.Edited edit =
        assertInstanceOf(OwnersEdit.Edited.class, OWNERS.edited(definition(next), NOW));

    assertEquals(Set.of(owner("user:linus"), owner("group:data")), edit.changed());
    assertEquals(Set.of(owner("group:platform")), edit.removed());
  }

  @Test
  void changes_nothing_by_the_same_document() {
    OwnersEdit.Edited edit =
        assertInstanceOf(
            OwnersEdit.Edited.class, OWNERS.edited(definition(FILE), NOW.plusSeconds(60)));

    assertEquals(Set.of(), edit.changed());
    assertEquals(Set.of(), edit.removed());
    assertEquals(OWNERS, edit.owners());
  }

  @Test
  void keeps_a_member_among_the_users_until_their_last_turn_is_over() {
    String withoutGrace =
        FILE.replace("[ ada, grace ]", "[ ada ]").replaceAll("(?s)    overrides:.*", "");

    OwnersEdit.Rejected rejected =
        assertInstanceOf(OwnersEdit.Rejected.class, OWNERS.edited(definition(withoutGrace), NOW));

    assertEquals(
        List.of(
            "group platform: grace is in the rotation until the next hand-over and must stay among the users until then"),
        rejected.problems());
    String stays = withoutGrace.replace("users: [ ada ]", "users: [ ada, grace ]");
    Owners between = applied(OWNERS, stays, NOW);
    applied(between, withoutGrace, NOW.plusSeconds(7 * 86_400));
  }

  @Test
  void reports_all_that_is_wrong_with_a_file_with_its_lines() {
    String broken =
        """
        users: [ ada, ada, "user:grace" ]
        groups:
          - name: platform
            members: []
            rotation: { weeks: 0, handover: "Monday 9:00", from: 2026-01-06 }
          - name: platform
            members: [ ada, eve, ada ]
            rotation: { weeks: 1, handover: "Mon 09:00 UTC", from: 2026-01-06 }
            overrides:
              - { from: 2026-03-02, until: 2026-03-01, user: ada }
              - { from: 2026-04-01, until: 2026-04-03, user: ada }
              - { from: 2026-04-02, until: 2026-04-04, user: eve }
          - name: data
            member: [ ada ]
        """;
    List<String> problems =
        OwnersReader.yaml(broken).problems().stream().map(Problem::toString).toList();

    assertEquals(
        """
        line 1, column 15: the user "ada" is there twice
        line 1, column 20: expected a user's name without user:, got "user:grace"
        line 4, column 14: expected at least one member
        line 5, column 24: expected a whole number from 1 to 52, got the number 0
        line 5, column 37: expected a day, time and zone such as "Mon 09:00 Europe/Berlin", got "Monday 9:00"
        line 6, column 11: the group "platform" is there twice
        line 7, column 21: "eve" is not among the users of this document
        line 7, column 26: the member "ada" is there twice
        line 8, column 60: the rotation must begin on its day of hand-over (Mon 09:00 UTC): 2026-01-06 is not one, 2026-01-05 and 2026-01-12 are
        line 10, column 36: an override must end after it begins
        line 12, column 9: this override overlaps that of ada from 2026-04-01T00:00:00Z until 2026-04-03T00:00:00Z
        line 12, column 54: "eve" is not among the users of this document
        line 13, column 5: missing key "members"
        line 13, column 5: missing key "rotation"
        line 14, column 5: unknown key "member"; did you mean "members"?
        """,
        String.join("\n", problems) + "\n");
  }

  @Test
  void refuses_overrides_that_overlap() {
    String overlapping =
        FILE + "      - { from: 2026-02-24T20:00:00Z, until: 2026-02-26, user: ada }\n";

    List<Problem> problems = OwnersReader.yaml(overlapping).problems();

    assertEquals(1, problems.size());
    assertTrue(
        problems
            .getFirst()
            .message()
            .startsWith("this override overlaps that of grace from 2026-02-24T08:00:00Z until"));
  }

  @Test
  void comes_back_from_storage_entry_by_entry_as_it_was() {
    List<Group> groups =
        OWNERS.groups().values().stream().map(GroupJson::write).map(GroupJson::read).toList();

    assertEquals(OWNERS, Owners.of(OWNERS.users().values(), groups));
  }

  @Test
  void stores_a_group_in_a_stable_form() {
    assertEquals(
        """
        {"name":"platform","version":1,"schedule":[{"since":"2026-01-05T08:00:00Z","members":["ada","grace"],\
        "rotation":{"weeks":1,"handover":"Mon 09:00 Europe/Berlin","from":"2026-01-05"}}],\
        "overrides":[{"from":"2026-02-24T08:00:00Z","until":"2026-02-24T23:00:00Z","user":"grace","since":"2026-02-01T00:00:00Z"}]}\
        """,
        GroupJson.write(OWNERS.groups().values().iterator().next()));
  }

  private static String person(String owner, String instant) {
    return assertInstanceOf(
            Duty.Accountable.class, OWNERS.accountable(owner(owner), Instant.parse(instant)))
        .person();
  }

  static Owners applied(Owners owners, String yaml, Instant now) {
    return assertInstanceOf(OwnersEdit.Edited.class, owners.edited(definition(yaml), now)).owners();
  }

  private static OwnersDefinition definition(String yaml) {
    Parsed<OwnersDefinition> parsed = OwnersReader.yaml(yaml);
    return parsed.orElseThrow();
  }

  private static Principal owner(String text) {
    return Principal.of(text).orElseThrow();
  }
}
