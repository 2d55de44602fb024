package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists, their filters and their pages. */
class ListsTest {
  @RegisterExtension static final TestBroker BROKER = Family.broker();

  private static Reply get(String pathAndQuery) {
    return BROKER.operator().send("GET", pathAndQuery, Map.of(), "");
  }

  /** Every page of a list, one entry each, as values of a member. */
  private static List<String> pages(String path, String list, String member) {
    List<String> all = new ArrayList<>();
    String next = "";
    do {
      Reply page = get(path + "limit=1" + next).expect(200);
      assertTrue(page.json().path(list).size() <= 1, page::body);
      page.json().path(list).forEach(one -> all.add(one.path(member).asText()));
      next = page.json().has("next") ? "&cursor=" + page.text("next") : "";
    } while (!next.isEmpty());
    return all;
  }

  @Test
  void what_is_wrong_with_a_parameter_is_said_with_what_is_allowed() {
    String id = BROKER.agent("lead").id();
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("/v1/agents?parent=x", "UUID");
    wrong.put("/v1/agents?parent=1-1-1-1-1", "UUID");
    wrong.put("/v1/agents?parent=" + id.toUpperCase(java.util.Locale.ROOT), "UUID");
    wrong.put("/v1/agents?cursor=x", "next");
    wrong.put("/v1/agents?limit=0", "1 to 1000");
    wrong.put("/v1/agents?limit=1001", "1 to 1000");
    wrong.put("/v1/agents?limit=ten", "1 to 1000");
    wrong.put("/v1/agents?limit=", "1 to 1000");
    wrong.put("/v1/agents?state=dead", "live, expired, killed");
    wrong.put("/v1/agents?label=team", "name=value");
    wrong.put("/v1/agents?sort=age", "owner");
    wrong.put("/v1/agents?owner=user:ada&owner=user:grace", "at most once");
    wrong.put("/v1/writs?agent=" + id + "&limit=0", "1 to ");
    wrong.put("/v1/writs?agent=" + id + "&limit=99999999999", "1 to ");
    wrong.put("/v1/writs?agent=" + id + "&cursor=x", "next");
    wrong.put("/v1/writs?agent=" + id + "&state=live", "agent");
    wrong.put("/v1/writs?agent=" + id + "&agent=" + id, "at most once");
    wrong.put("/v1/writs", "UUID");
    wrong.put("/v1/policies?limit=x", "1 to ");
    wrong.put("/v1/policies?cursor=%20", "next");
    wrong.put("/v1/policies?name=lead", "cursor");
    wrong.put("/v1/policies/lead?version=x", "whole number");
    wrong.put("/v1/policies/lead?version=1&version=2", "at most once");
    wrong.put("/v1/owners/user:ada?at=yesterday", "instant");
    wrong.put("/v1/owners/user:ada?on=2026-01-05", "at");
    wrong.forEach((request, allowed) -> {
      Reply reply = get(request);
      assertEquals(400, reply.status(), request);
      assertTrue(reply.text("detail").contains(allowed), reply::toString);
    });
  }

  @Test
  void agents_are_filtered_and_paged() {
    AgentClient parent = BROKER.agent("lead");
    Launch child =
        Launch.of("worker").role("tester").labels(Map.of("team", "a=b", "page", parent.id()));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(parent.launch(Via.MTLS, child).expect(201).text("id"));
    }
    parent.launch(Via.MTLS, Launch.of("helper")).expect(201);
    BROKER.operator().kill(ids.get(0)).expect(200);

    String all = "/v1/agents?label=page%3D" + parent.id() + "&";
    assertEquals(ids.stream().sorted().toList(), pages(all, "agents", "id"));
    for (String filter :
        List.of("role=tester", "policy=worker", "owner=user:ada", "parent=" + parent.id())) {
      assertEquals(
          ids.stream().sorted().toList(), pages(all + filter + "&", "agents", "id"), filter);
    }
    assertEquals(3, pages("/v1/agents?label=team%3Da%3Db&", "agents", "id").size());
    assertEquals(List.of(ids.get(0)), pages(all + "state=killed&", "agents", "id"));
    assertEquals(
        ids.subList(1, 3).stream().sorted().toList(), pages(all + "state=live&", "agents", "id"));
    assertEquals(4, pages("/v1/agents?parent=" + parent.id() + "&", "agents", "id").size());
    assertEquals(List.of(), pages("/v1/agents?parent=" + UUID.randomUUID() + "&", "agents", "id"));
  }

  @Test
  void writs_are_paged_newest_first() {
    AgentClient agent = BROKER.agent("lead");
    List<String> writs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      writs.addFirst(agent.exchange(Via.MTLS, Ask.audience(Family.DEPLOY)).text("writ"));
    }

    assertEquals(writs, pages("/v1/writs?agent=" + agent.id() + "&", "writs", "writ"));
  }

  @Test
  void policies_are_paged_by_name() {
    assertEquals(
        List.of("closed", "helper", "lead", "shallow", "unlisted", "worker"),
        pages("/v1/policies?", "policies", "name"));
    Map<String, Integer> versions = new TreeMap<>();
    get("/v1/policies")
        .json()
        .path("policies")
        .forEach(one -> versions.put(one.path("name").asText(), one.path("version").asInt()));
    assertEquals(6, versions.size());
    assertTrue(versions.values().stream().allMatch(version -> version == 1));
  }
}
