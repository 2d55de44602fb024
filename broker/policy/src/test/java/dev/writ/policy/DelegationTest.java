package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DelegationTest {
  private static final Policy DEEP = policy("deep", "agent", 3, "deep, flat, closed");
  private static final Policy FLAT = policy("flat", "agent", 1, "deep, flat");
  private static final Policy CLOSED = policy("closed", "operator", 8, "deep");

  @Test
  void a_child_may_stand_as_deep_as_the_least_of_its_ancestors_allows() {
    assertEquals(Optional.empty(), Delegation.refuse(DEEP, List.of(DEEP)));
    assertEquals(Optional.empty(), Delegation.refuse(DEEP, List.of(DEEP, DEEP, DEEP)));
    Denial denial = Delegation.refuse(DEEP, List.of(DEEP, DEEP, DEEP, DEEP)).orElseThrow();
    assertEquals(Rule.DELEGATION, denial.rule());
    assertEquals(Denial.Code.ACCESS_DENIED, denial.code());
    assertTrue(
        denial
            .hint()
            .startsWith("this child would stand 4 below the root; the policy deep allows 3;"),
        denial.hint());
  }

  @Test
  void the_strictest_ancestor_counts_wherever_it_stands() {
    assertEquals(Optional.empty(), Delegation.refuse(DEEP, List.of(FLAT)));
    assertTrue(Delegation.refuse(DEEP, List.of(FLAT, DEEP)).isPresent());
    assertTrue(Delegation.refuse(DEEP, List.of(DEEP, FLAT)).isPresent());
  }

  @Test
  void the_parent_must_list_the_childs_policy() {
    Denial denial = Delegation.refuse(CLOSED, List.of(FLAT)).orElseThrow();
    assertTrue(
        denial.hint().startsWith("the policy flat does not list closed under delegation;"),
        denial.hint());
  }

  @Test
  void the_childs_policy_must_let_agents_launch_it() {
    Denial denial = Delegation.refuse(CLOSED, List.of(DEEP)).orElseThrow();
    assertTrue(
        denial.hint().startsWith("the policy closed does not list \"agent\" under launch;"),
        denial.hint());
  }

  @Test
  void without_delegation_there_are_no_children() {
    Policy childless =
        Examples.policy(
            "name: c\nlifetime: { agent: 1h, credential: 1h }\nlaunch: [ agent ]\ngrants: []\n");
    assertTrue(Delegation.refuse(DEEP, List.of(childless)).isPresent());
  }

  private static Policy policy(String name, String launch, int depth, String policies) {
    return Examples.policy(
        "name: %s\nlifetime: { agent: 1h, credential: 1h }\nlaunch: [ %s ]\ndelegation: { depth: %d, policies: [ %s ] }\ngrants: []\n"
            .formatted(name, launch, depth, policies));
  }
}
