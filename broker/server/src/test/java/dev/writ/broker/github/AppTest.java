package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.TestKeys;
import dev.writ.fixtures.github.AppKey;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppTest {
  private static final AppJwt JWT =
      new AppJwt("1", TestKeys.signer(AppKey.generate().pem()), Clock.systemUTC());
  private static final List<App> THREE = List.of(app("11"), app("22"), app("33"));
  private static final List<UUID> AGENTS =
      IntStream.range(0, 3_000).mapToObj(n -> new UUID(n, ~n)).toList();

  private static App app(String id) {
    return new App(id, JWT, Set.of("acme"));
  }

  private static String chosen(List<App> apps, UUID agent) {
    return App.of(apps, "acme", agent).orElseThrow().id();
  }

  @Test
  void an_agent_sticks_to_its_app_in_whatever_order_they_are_configured() {
    for (UUID agent : AGENTS) {
      assertEquals(chosen(THREE, agent), chosen(THREE.reversed(), agent));
    }
  }

  @Test
  void apps_share_the_agents_evenly() {
    Map<String, Integer> counts = new HashMap<>();
    AGENTS.forEach(agent -> counts.merge(chosen(THREE, agent), 1, Integer::sum));
    assertEquals(3, counts.size());
    counts.values().forEach(count -> assertTrue(count > 850 && count < 1_150, counts::toString));
  }

  @Test
  void an_app_that_goes_moves_its_own_agents_only() {
    List<App> two = List.of(app("11"), app("33"));
    for (UUID agent : AGENTS) {
      String before = chosen(THREE, agent);
      assertTrue(before.equals("22") || before.equals(chosen(two, agent)));
    }
  }

  @Test
  void an_account_without_an_app_has_none() {
    assertEquals(Optional.empty(), App.of(THREE, "other", AGENTS.get(0)));
  }
}
