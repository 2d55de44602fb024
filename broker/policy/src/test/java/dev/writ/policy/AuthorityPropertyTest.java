package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * What must hold for all policies and requests, held against the slow reference; failures name
 * their seed.
 */
class AuthorityPropertyTest {
  private static final int SEEDS = 3_000;

  @Test
  void authority_means_what_the_grants_mean_together() {
    forAll((generator, seed) -> {
      List<Grant> grants = generator.grants();
      assertEquals(Reference.atoms(grants), atoms(Authority.of(grants)), seed);
    });
  }

  @Test
  void an_intersection_holds_at_most_what_both_hold() {
    forAll((generator, seed) -> {
      Authority one = Authority.of(generator.grants());
      Authority two = Authority.of(generator.grants());
      Set<String> both = atoms(one.intersect(two));
      Set<String> expected = common(atoms(one), atoms(two));
      assertTrue(expected.containsAll(both), seed);
      assertEquals(withoutAws(expected), withoutAws(both), seed);
      assertEquals(one.intersect(two), two.intersect(one), seed);
    });
  }

  @Test
  void intersection_is_idempotent() {
    forAll((generator, seed) -> {
      Authority one = Authority.of(generator.grants());
      Authority two = Authority.of(generator.grants());
      assertEquals(one, one.intersect(one), seed);
      Authority both = one.intersect(two);
      assertEquals(both, both.intersect(both), seed);
      assertEquals(Authority.NONE, one.intersect(Authority.NONE), seed);
    });
  }

  @Test
  void a_narrowed_authority_holds_at_most_what_was_held_and_asked_for() {
    forAll((generator, seed) -> {
      Authority parent = Authority.of(generator.grants());
      List<Request> requests = generator.requests();
      Set<String> narrowed = atoms(parent.narrow(requests));
      assertTrue(atoms(parent).containsAll(narrowed), seed);
      Set<String> asked = new HashSet<>();
      requests.forEach(request -> asked.addAll(asked(parent, request)));
      assertTrue(asked.containsAll(narrowed), seed);
      assertEquals(withoutAws(common(atoms(parent), asked)), withoutAws(narrowed), seed);
    });
  }

  @Test
  void narrowing_twice_by_the_same_is_narrowing_once() {
    forAll((generator, seed) -> {
      List<Request> requests = generator.requests();
      Authority narrowed = Authority.of(generator.grants()).narrow(requests);
      assertEquals(atoms(narrowed), atoms(narrowed.narrow(requests)), seed);
    });
  }

  @Test
  void no_sequence_of_launches_widens_anything() {
    forAll((generator, seed) -> {
      Authority effective = Authority.of(generator.grants());
      Set<String> least = atoms(effective);
      for (int generation = 0; generation < 4; generation++) {
        Authority own = Authority.of(generator.grants());
        effective = own.intersect(effective);
        if (generator.pick(List.of(true, false))) {
          effective = effective.narrow(generator.requests());
        }
        Set<String> now = atoms(effective);
        assertTrue(least.containsAll(now), seed);
        assertTrue(atoms(own).containsAll(now), seed);
        least = now;
      }
    });
  }

  @Test
  void what_is_granted_is_at_most_what_is_held_and_asked_for() {
    forAll((generator, seed) -> {
      Authority authority = Authority.of(generator.grants());
      Request request = generator.request();
      if (authority.judge(request) instanceof Judgement.Allowed allowed) {
        Set<String> granted = Reference.atoms(List.of(allowed.grant()));
        assertTrue(atoms(authority).containsAll(granted), seed);
        assertTrue(asked(authority, request).containsAll(granted), seed);
      }
    });
  }

  @Test
  void what_is_asked_in_detail_is_granted_whole_exactly_when_it_is_held() {
    int[] allowed = new int[1];
    int[] refused = new int[1];
    forAll((generator, seed) -> {
      List<Grant> grants = generator.grants();
      Authority authority = Authority.of(grants);
      Request request = generator.request();
      Optional<Boolean> held = held(grants, request);
      held.ifPresent(expected -> {
        boolean granted = authority.judge(request) instanceof Judgement.Allowed;
        assertEquals(expected, granted, () -> seed + grants + request);
        allowed[0] += granted ? 1 : 0;
        refused[0] += granted ? 0 : 1;
      });
    });
    assertTrue(
        allowed[0] > 100 && refused[0] > 100, allowed[0] + " allowed, " + refused[0] + " refused");
  }

  @Test
  void a_wider_policy_grants_what_a_narrower_one_does() {
    forAll((generator, seed) -> {
      List<Grant> more = generator.grants();
      List<Grant> less = generator.some(more);
      Request request = generator.request();
      if (Authority.of(less).judge(request) instanceof Judgement.Allowed narrow) {
        if (!(Authority.of(more).judge(request) instanceof Judgement.Allowed wide)) {
          throw new AssertionError(seed);
        }
        assertTrue(
            Reference.atoms(List.of(wide.grant()))
                .containsAll(Reference.atoms(List.of(narrow.grant()))),
            seed);
      }
    });
  }

  @Test
  void asking_again_for_what_was_granted_grants_the_same() {
    forAll((generator, seed) -> {
      Authority authority = Authority.of(generator.grants());
      if (authority.judge(generator.request()) instanceof Judgement.Allowed allowed) {
        assertEquals(
            new Judgement.Allowed(allowed.grant()), authority.judge(again(allowed.grant())), seed);
      }
    });
  }

  @Test
  void what_is_shown_as_allowed_is_allowed() {
    forAll((generator, seed) -> {
      Authority authority = Authority.of(generator.grants());
      if (authority.judge(generator.request()) instanceof Judgement.Refused refused) {
        for (Object shown : refused.denial().allowed()) {
          assertTrue(
              authority.grants().stream().anyMatch(g -> g.details().equals(shown))
                  || refused.denial().rule() == Rule.PERMISSIONS,
              seed);
        }
      }
    });
  }

  private static Request again(Grant grant) {
    return grant.fold(
        g ->
            new GitHubRequest(
                Optional.of(g.account()),
                g.allRepositories(),
                g.repositories(),
                Optional.of(g.permissions()),
                false),
        g ->
            new AwsRequest(
                g.role(),
                Optional.of(
                    g.allow().stream()
                        .map(s -> Statement.of(s.actions(), s.resources(), Conditions.NONE))
                        .toList())),
        g -> new InternalRequest(g.audience(), Optional.of(g.scopes())));
  }

  /** All that a request asks for; without detail, all there is at its target. */
  private static Set<String> asked(Authority authority, Request request) {
    List<Grant> all = authority.grants();
    return request.fold(
        r -> {
          Set<String> atoms = new HashSet<>();
          for (Permissions permissions :
              r.permissions().map(List::of).orElseGet(() -> permissions(all))) {
            atoms.addAll(
                Reference.atoms(
                    List.of(
                        new GitHubGrant(
                            r.account().orElseThrow(),
                            r.allRepositories(),
                            r.repositories(),
                            permissions,
                            Optional.empty()))));
          }
          return atoms;
        },
        r ->
            r.allow()
                .map(allow -> Reference.atoms(List.of(new AwsGrant(r.role(), allow))))
                .orElseGet(() ->
                    Reference.atoms(
                        all.stream()
                            .filter(g -> g instanceof AwsGrant a && a.role().equals(r.role()))
                            .toList())),
        r ->
            Reference.atoms(
                List.of(new InternalGrant(r.audience(), r.scopes().orElse(Reference.SCOPES)))));
  }

  private static List<Permissions> permissions(List<Grant> grants) {
    return grants.stream()
        .flatMap(grant ->
            grant instanceof GitHubGrant g
                ? java.util.stream.Stream.of(g.permissions())
                : java.util.stream.Stream.of())
        .toList();
  }

  /** Whether everything that was asked for in detail is held; nothing if there was no detail. */
  private static Optional<Boolean> held(List<Grant> grants, Request request) {
    return request.fold(
        r ->
            r.permissions().map(p -> Reference.atoms(grants).containsAll(asked(Authority.NONE, r))),
        r -> r.allow().map(allow -> Reference.covers(grants, r)),
        r ->
            r.scopes()
                .map(scopes -> Reference.atoms(grants).containsAll(asked(Authority.NONE, r))));
  }

  private static Set<String> atoms(Authority authority) {
    return Reference.atoms(authority.grants());
  }

  private static Set<String> common(Set<String> one, Set<String> two) {
    Set<String> both = new HashSet<>(one);
    both.retainAll(two);
    return both;
  }

  /**
   * Where AWS patterns overlap without one lying in the other, the intersection is less than could
   * be.
   */
  private static Set<String> withoutAws(Set<String> atoms) {
    Set<String> rest = new HashSet<>(atoms);
    rest.removeIf(atom -> atom.startsWith("aws "));
    return rest;
  }

  private static void forAll(BiConsumer<Generator, String> property) {
    for (long seed = 0; seed < SEEDS; seed++) {
      property.accept(new Generator(seed), "seed " + seed + " ");
    }
  }
}
