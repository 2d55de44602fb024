package dev.writ.broker.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredOwnersTest {
  private static final Instant HAND_OVER = Instant.parse("2026-01-12T09:00:00Z");

  private static String platform(String members) {
    return """
    {"name":"platform","version":1,"overrides":[],"schedule":[{"since":"2000-01-01T00:00:00Z",
    "members":[%s],"rotation":{"weeks":1,"handover":"Mon 09:00 UTC","from":"2026-01-05"}}]}
    """
        .formatted(members);
  }

  private static OwnerDirectory directory() {
    return StoredOwners.read(
        Optional.empty(),
        Map.of(
            "user:ada", "{\"version\":1}",
            "user:grace", "{\"version\":1}",
            "group:platform", platform("\"ada\",\"grace\"")),
        Set.of());
  }

  @Test
  void a_duty_that_was_found_is_told_again_until_the_very_instant_of_the_hand_over() {
    OwnerDirectory owners = directory();

    assertEquals("ada", person(owners, HAND_OVER.minusSeconds(3_600)));
    assertEquals("ada", person(owners, HAND_OVER.minusNanos(1)));
    assertEquals("grace", person(owners, HAND_OVER));
    assertEquals("grace", person(owners, HAND_OVER.plusSeconds(3_600)));
    assertEquals("ada", person(owners, HAND_OVER.minusNanos(1)), "also when asked of the past");
  }

  @Test
  void the_next_directory_knows_nothing_of_what_the_last_one_found() {
    OwnerDirectory before = directory();
    assertEquals("ada", person(before, HAND_OVER.minusSeconds(1)));

    OwnerDirectory after =
        StoredOwners.read(
            Optional.of(before),
            Map.of("group:platform", platform("\"grace\",\"ada\"")),
            Set.of());

    assertEquals("grace", person(after, HAND_OVER.minusSeconds(1)));
  }

  private static String person(OwnerDirectory owners, Instant at) {
    return assertInstanceOf(OnDuty.Person.class, owners.onDuty("group:platform", at)).name();
  }
}
