package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.wire.TinyWorld.Draft;
import dev.writ.broker.wire.TinyWorld.Piece;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No sequence of launches widens anything, whatever the policies and however they change: every
 * agent gets exactly what its policy, its narrowing and its parent have in common.
 */
class LaunchPropertyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("p0", "p1", "p2", "p3");
  private static final int LAUNCHES = 10;
  private static final int CHANGES = 2;

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "p0", "lifetime: { agent: 1h, credential: 1h }\nlaunch: []\ngrants: []\n");

  /** An agent, and what is known of its launch. */
  private record Member(
      Optional<Member> parent, String policy, Optional<List<Piece>> narrow, AgentClient agent) {

    List<Member> ancestors() {
      List<Member> all = new ArrayList<>();
      for (Optional<Member> one = parent; one.isPresent(); one = one.get().parent()) {
        all.add(one.get());
      }
      return all;
    }
  }

  @Test
  void no_sequence_of_launches_widens_anything() {
    Tally tally = new Tally();
    LongStream.range(0, 5).forEach(seed -> check(seed, tally));
    tally.assertTelling();
  }

  @Test
  @Tag("long")
  void none_of_many_sequences_of_launches_widens_anything() {
    Tally tally = new Tally();
    LongStream.range(100, 300).forEach(seed -> check(seed, tally));
    tally.assertTelling();
  }

  /** That the random families were not all empty or shallow. */
  private static final class Tally {
    private int refused;
    private int grandchildren;
    private int withSomething;
    private int less;

    void assertTelling() {
      String all =
          "%d launches refused; of %d grandchildren's judgements %d had something, %d less than the parent"
              .formatted(refused, grandchildren, withSomething, less);
      assertTrue(refused > 5 && withSomething > 5 && less > 5, all);
    }
  }

  private static void check(long seed, Tally tally) {
    TinyWorld world = new TinyWorld(seed);
    Map<String, Draft> policies = apply(world);
    List<Member> family = new ArrayList<>();
    launch(world, policies, Optional.empty(), "p0").ifPresent(family::add);
    for (int i = 0; i < LAUNCHES && !family.isEmpty(); i++) {
      launch(world, policies, Optional.of(world.newest(family)), world.one(NAMES))
          .ifPresentOrElse(family::add, () -> tally.refused++);
    }
    compare(seed, family, policies, tally);
    for (int i = 0; i < CHANGES; i++) {
      Map<String, Draft> changed = apply(world);
      compare(seed, family, changed, tally);
    }
    family.forEach(member -> member.agent().close());
  }

  private static Map<String, Draft> apply(TinyWorld world) {
    Map<String, Draft> policies = world.policies(NAMES);
    List<Map<String, Object>> all = policies.values().stream().map(Draft::json).toList();
    String body = json(Map.of("comment", "a property", "policies", all));
    BROKER.operator().send("POST", "/v1/policies/apply", Map.of(), body).expect(200);
    return policies;
  }

  /** Launches, or is refused, as the sets say. */
  private static Optional<Member> launch(
      TinyWorld world, Map<String, Draft> policies, Optional<Member> parent, String policy) {
    Optional<List<Piece>> narrow = world.narrow(most(policies, parent, policy));
    Launch launch = Launch.of(policy);
    if (narrow.isPresent()) {
      launch = launch.narrow(narrow.get().stream().map(Piece::inNarrow).toList());
    }
    Launch wanted = parent.isPresent() ? launch : launch.owner("user:ada");
    Reply reply =
        parent
            .map(above -> above.agent().launch(Via.MTLS, wanted))
            .orElseGet(() -> BROKER.operator().launch(wanted));
    if (reply.status() != 201) {
      boolean whole =
          narrow.stream().flatMap(List::stream).allMatch(one -> one.things().size() < 2);
      assertFalse(
          whole && may(policies, parent, policy, narrow), () -> "refused for nothing: " + reply);
      return Optional.empty();
    }
    assertTrue(may(policies, parent, policy, narrow), "launched against the sets");
    AgentClient agent = BROKER.newAgent();
    agent.enrol(reply.text("enrolment_token")).expect(200);
    return Optional.of(new Member(parent, policy, narrow, agent));
  }

  private static boolean may(
      Map<String, Draft> policies,
      Optional<Member> parent,
      String policy,
      Optional<List<Piece>> narrow) {
    Optional<Draft> own = Optional.ofNullable(policies.get(policy));
    boolean linked =
        parent
            .map(above ->
                stands(above, policies)
                    && own.map(draft -> linked(draft, above, policies)).orElse(false))
            .orElse(true);
    return own.isPresent()
        && linked
        && narrow
            .map(pieces -> most(policies, parent, policy).containsAll(TinyWorld.things(pieces)))
            .orElse(true);
  }

  /** What a launch may be narrowed to at most. */
  private static Set<String> most(
      Map<String, Draft> policies, Optional<Member> parent, String policy) {
    Set<String> most = new TreeSet<>();
    Optional.ofNullable(policies.get(policy)).ifPresent(own -> most.addAll(own.things()));
    parent.ifPresent(above -> most.retainAll(allowed(above, policies)));
    return most;
  }

  /** The reference: plain sets, from the root down. */
  private static Set<String> allowed(Member member, Map<String, Draft> policies) {
    if (!stands(member, policies)) {
      return Set.of();
    }
    Set<String> things = new TreeSet<>(draft(policies, member).things());
    member.narrow().ifPresent(narrow -> things.retainAll(TinyWorld.things(narrow)));
    member.parent().ifPresent(parent -> things.retainAll(allowed(parent, policies)));
    return things;
  }

  private static Draft draft(Map<String, Draft> policies, Member member) {
    return Objects.requireNonNull(policies.get(member.policy()));
  }

  /** Whether policies of now let the agent and all above it be what they are. */
  private static boolean stands(Member member, Map<String, Draft> policies) {
    Optional<Draft> own = Optional.ofNullable(policies.get(member.policy()));
    return own.isPresent()
        && member
            .parent()
            .map(parent -> stands(parent, policies) && linked(own.get(), parent, policies))
            .orElse(true);
  }

  private static boolean linked(Draft child, Member parent, Map<String, Draft> policies) {
    List<Member> above = new ArrayList<>(List.of(parent));
    above.addAll(parent.ancestors());
    return child.byAgents()
        && draft(policies, parent).children().contains(child.name())
        && above.stream().allMatch(one -> above.size() <= draft(policies, one).depth());
  }

  private static void compare(
      long seed, List<Member> family, Map<String, Draft> policies, Tally tally) {
    Map<Member, Set<String>> all = new IdentityHashMap<>();
    for (Member member : family) {
      Set<String> got = got(member.agent());
      all.put(member, got);
      int depth = member.ancestors().size();
      String who = "seed " + seed + ", " + member.policy() + " at depth " + depth;
      assertEquals(new TreeSet<>(allowed(member, policies)), got, who);
      if (member.parent().isPresent()) {
        Set<String> parents = all.getOrDefault(member.parent().get(), Set.of());
        assertTrue(parents.containsAll(got), who);
        if (depth > 1) {
          tally.grandchildren++;
          tally.withSomething += got.isEmpty() ? 0 : 1;
          tally.less += got.size() < parents.size() ? 1 : 0;
        }
      }
    }
  }

  private static Set<String> got(AgentClient agent) {
    Set<String> got = new TreeSet<>();
    for (Map.Entry<String, Ask> thing : TinyWorld.THINGS.entrySet()) {
      Reply reply = agent.exchange(Via.MTLS, thing.getValue());
      boolean allowed =
          reply.status() == 200
              || reply.json().path("reason").asText().equals("target_not_configured");
      assertTrue(allowed || reply.json().path("denial").isObject(), reply::toString);
      if (allowed) {
        got.add(thing.getKey());
      }
    }
    return got;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
