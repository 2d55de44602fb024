package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloak.KeycloakServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the jar costs a Keycloak: its start and its token endpoint, with the jar and without it by
 * turns, on one database.
 */
@Tag("long")
class CostTest {
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 500;
  private static final int TOKENS = 1_500;

  /** Medians of a machine that does other things, too. */
  private static final double NOISE = 1.25;

  private static final class Measured {
    private final List<Double> starts = new ArrayList<>();
    private final List<Double> tokens = new ArrayList<>();
  }

  @Test
  void keycloak_starts_and_gives_tokens_no_slower_with_the_jar() {
    Measured without = new Measured();
    Measured with = new Measured();
    try (TestPostgres postgres = new TestPostgres()) {
      String realm = prepared(postgres);
      for (int round = 0; round < ROUNDS; round++) {
        measure(postgres.use(TestKeycloak.plain()), realm, without);
        measure(postgres.use(TestKeycloak.setup()), realm, with);
      }
    }
    double start = told("start, s", without.starts, with.starts);
    double token = told("a token, ms", without.tokens, with.tokens);
    assertTrue(start < NOISE, "it starts " + start + " times as long");
    assertTrue(token < NOISE, "a token takes " + token + " times as long");
  }

  /** Both are built, and the database has a realm that both know. */
  private static String prepared(TestPostgres postgres) {
    String name;
    try (KeycloakServer plain = postgres.use(TestKeycloak.plain()).start()) {
      KeycloakRealm realm = plain.usualRealm("busy");
      realm.workload("busy");
      name = realm.name();
    }
    postgres.use(TestKeycloak.setup()).start().close();
    return name;
  }

  private static void measure(KeycloakServer.Setup setup, String realm, Measured measured) {
    long began = System.nanoTime();
    try (KeycloakServer server = setup.start()) {
      measured.starts.add((System.nanoTime() - began) / 1e9);
      Map<String, String> form =
          Map.of("grant_type", "client_credentials", "client_id", "busy", "client_secret", "busy");
      for (int i = 0; i < WARM_UP; i++) {
        server.admin().token(realm, form);
      }
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < TOKENS; i++) {
        long asked = System.nanoTime();
        server.admin().token(realm, form);
        times.add((System.nanoTime() - asked) / 1e6);
      }
      measured.tokens.add(median(times));
    }
  }

  private static double told(String what, List<Double> without, List<Double> with) {
    double ratio = median(with) / median(without);
    System.out.printf(
        Locale.ROOT,
        "%s: without the jar %.2f, with it %.2f (medians of %d), ratio %.3f%n",
        what,
        median(without),
        median(with),
        with.size(),
        ratio);
    return ratio;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
