package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How policies are kept, on whichever database. */
abstract class PolicyContract {
  abstract TestKeycloak keycloak();

  private WritApi api() {
    return WritApi.of(keycloak().realm());
  }

  @Test
  void keeps_every_version_with_author_time_and_comment() {
    api().save("kept", 0, "first", Policies.internal("kept", "deploy:read")).expect(201);
    Reply second =
        api()
            .save("kept", 1, "second", Policies.internal("kept", "deploy:read", "deploy:staging"))
            .expect(200);

    assertEquals(2, second.json().path("version").asInt());
    assertTrue(second.json().path("current").asBoolean());
    JsonNode history = api().history("kept");
    assertEquals(List.of("second", "first"), texts(history, "comment"));
    assertEquals(List.of("master/user:admin", "master/user:admin"), texts(history, "author"));
    assertEquals(List.of("2", "1"), texts(history, "version"));

    JsonNode first = api().get("policies/kept/versions/1").expect(200).json();
    assertEquals(1, first.at("/policy/grants/0/internal/scopes").size());
    assertEquals(false, first.path("current").asBoolean());
    assertTrue(first.path("yaml").asText().contains("deploy:read"));
  }

  static List<String> texts(JsonNode list, String member) {
    return list.valueStream().map(one -> one.path(member).asText()).toList();
  }

  @Test
  void of_ten_simultaneous_saves_exactly_one_succeeds_and_the_others_are_told_who_was_quicker()
      throws Exception {
    api().save("raced", 0, "", Policies.internal("raced", "s0")).expect(201);
    List<Reply> replies =
        atOnce(
            10,
            i -> api().save("raced", 1, "racer " + i, Policies.internal("raced", "s" + (i + 1))));

    assertEquals(1, replies.stream().filter(reply -> reply.status() == 200).count());
    List<Reply> refused = replies.stream().filter(reply -> reply.status() == 409).toList();
    assertEquals(9, refused.size());
    for (Reply reply : refused) {
      assertEquals(2, reply.json().path("current").asInt());
      assertTrue(
          reply
              .text("detail")
              .matches(
                  "raced was saved as version 2 by master/user:admin on .* UTC \\(racer \\d\\); you had opened version 1\\. Compare, then save again\\."),
          reply.text("detail"));
    }
    assertEquals(2, api().history("raced").size());
  }

  @Test
  void of_two_simultaneous_new_policies_of_one_name_one_is_made() throws Exception {
    List<Reply> replies =
        atOnce(2, i -> api().save("fresh", 0, "", Policies.internal("fresh", "s" + i)));
    assertEquals(List.of(201, 409), replies.stream().map(Reply::status).sorted().toList());
    assertEquals(1, api().history("fresh").size());
  }

  @Test
  void the_first_two_policies_of_a_realm_may_come_at_once() throws Exception {
    KeycloakRealm empty = keycloak().server().freshRealm("empty");
    WritApi there = WritApi.of(empty);
    List<Reply> replies =
        atOnce(2, i -> there.save("p" + i, 0, "", Policies.internal("p" + i, "s")));
    assertEquals(List.of(201, 201), replies.stream().map(Reply::status).toList());
    empty.delete();
  }

  private interface Racer {
    Reply run(int number);
  }

  private static List<Reply> atOnce(int count, Racer racer) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> running = new ArrayList<>();
      for (int i : IntStream.range(0, count).toArray()) {
        Callable<Reply> one =
            () -> {
              start.await();
              return racer.run(i);
            };
        running.add(threads.submit(one));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> one : running) {
        replies.add(one.get());
      }
      return replies;
    }
  }

  @Test
  void the_same_content_again_makes_no_version() {
    api().save("same", 0, "", Policies.internal("same", "b", "a")).expect(201);
    Reply again =
        api().save("same", 1, "reordered", Policies.internal("same", "a", "b")).expect(200);
    assertEquals(1, again.json().path("version").asInt());
    assertEquals(1, api().history("same").size());
  }

  @Test
  void a_deleted_policy_keeps_its_history_and_its_numbers_go_on() {
    api().save("gone", 0, "made", Policies.internal("gone", "a")).expect(201);
    api().delete("gone", 1).expect(204);

    assertEquals(List.of(), api().names("?search=gone"));
    assertEquals(List.of("gone"), api().names("?search=gone&deleted=true"));
    assertTrue(api().get("policies/gone").expect(200).json().path("deleted").asBoolean());
    assertEquals(List.of("true", "false"), texts(api().history("gone"), "deleted"));

    Reply stale = api().save("gone", 1, "", Policies.internal("gone", "b")).expect(409);
    assertTrue(stale.text("detail").startsWith("gone was deleted as version 2 by"), stale.body());

    Reply again = api().save("gone", 0, "", Policies.internal("gone", "b")).expect(201);
    assertEquals(3, again.json().path("version").asInt());
  }

  @Test
  void an_earlier_version_is_restored_as_a_new_one() {
    api().save("back", 0, "", Policies.internal("back", "a")).expect(201);
    api().save("back", 1, "", Policies.internal("back", "b")).expect(200);
    Reply restored = api().restore("back", 1, 2).expect(200);

    assertEquals(3, restored.json().path("version").asInt());
    assertEquals(1, restored.json().path("restored_from").asInt());
    assertEquals("a", restored.json().at("/policy/grants/0/internal/scopes/0").asText());
    api().restore("back", 2, 1).expect(409);
    api().restore("back", 9, 3).expect(404);
    assertEquals(3, api().history("back").size());
  }

  @Test
  void finds_policies_by_name_description_and_content_without_case() {
    api()
        .save(
            "finder",
            0,
            "",
            Policies.operator()
                .replace("name: operator", "name: finder")
                .replace("platform team", "Umlaut ÄÖÜ_100% team"))
        .expect(201);
    assertEquals(List.of("finder"), api().names("?search=FINDER"));
    assertEquals(List.of("finder"), api().names("?search=%C3%A4%C3%B6%C3%BC_100%25"));
    assertEquals(List.of("finder"), api().names("?search=acme/WEB"));
    assertEquals(List.of("finder"), api().names("?search=s3:getobject"));
    assertEquals(List.of(), api().names("?search=f_nder"));
  }

  @Test
  void a_realm_takes_its_policies_with_it() {
    KeycloakRealm brief = keycloak().server().freshRealm("short");
    WritApi there = WritApi.of(brief);
    there.save("p", 0, "", Policies.internal("p", "a")).expect(201);
    brief.user("ada").joins("platform/deploy");
    brief.delete();
    KeycloakRealm again =
        KeycloakRealm.imported(
            keycloak().server().admin(),
            brief.name(),
            "{\"realm\":\"" + brief.name() + "\",\"enabled\":true}");
    assertEquals(List.of(), WritApi.of(again).names(""));
    again.delete();
  }
}
