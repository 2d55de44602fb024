package dev.writ.keycloak.admin;

import dev.writ.policy.Asked;
import dev.writ.policy.Denial;
import dev.writ.policy.Judgement;
import dev.writ.policy.Policy;
import dev.writ.policy.Requests;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an agent under a policy would be answered. */
final class Preview {
  private Preview() {}

  /**
   * @param request one element of {@code authorization_details}, as JSON
   */
  static Map<String, Object> of(Policy policy, String request) {
    Asked asked = Requests.details("[" + request + "]");
    if (asked instanceof Asked.Unclear unclear) {
      return refused(unclear.denial());
    }
    Judgement judgement = policy.authority().judge(((Asked.For) asked).request());
    if (judgement instanceof Judgement.Refused refused) {
      return refused(refused.denial());
    }
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("allowed", true);
    view.put("granted", ((Judgement.Allowed) judgement).grant().details());
    return view;
  }

  private static Map<String, Object> refused(Denial denial) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("allowed", false);
    view.put("denial", denial.details());
    return view;
  }
}
