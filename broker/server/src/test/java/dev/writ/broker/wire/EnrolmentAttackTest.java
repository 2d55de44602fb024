package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Csr;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One-time tokens used twice, by two, or with rubbish. */
class EnrolmentAttackTest {
  private static final Launch LAUNCH = Launch.of("deployer").owner("user:ada");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static String token() {
    return BROKER.operator().launch(LAUNCH).expect(201).text("enrolment_token");
  }

  private static void works(AgentClient agent) {
    agent.exchange(Via.MTLS, Policies.READ).expect(200);
  }

  @Test
  void of_two_hundred_keys_at_once_at_two_nodes_one_is_enrolled() throws IOException {
    Reply launched = BROKER.operator().launch(LAUNCH).expect(201);
    String token = launched.text("enrolment_token");
    List<URI> nodes = List.of(BROKER.url(), BROKER.secondNode());
    List<RawHttp> thieves = new ArrayList<>();
    List<String> uses = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      thieves.add(RawHttp.connect(nodes.get(i % 2), BROKER.bundle()));
      uses.add(Raw.post("/v1/svid", "Authorization: Bearer " + token + "\r\n", csr()));
    }
    // All but the last byte, and then that at once.
    for (int i = 0; i < 200; i++) {
      thieves.get(i).write(uses.get(i).substring(0, uses.get(i).length() - 1));
    }
    thieves.forEach(thief -> thief.write("}"));

    int enrolled = 0;
    for (int i = 0; i < 200; i++) {
      Reply reply = thieves.get(i).answer(PATIENCE);
      while (reply.status() == 503) {
        // On a loaded machine some are told to try again.
        reply = thieves.get(i).write(uses.get(i)).answer(PATIENCE);
      }
      if (reply.status() == 200) {
        enrolled++;
      } else {
        assertEquals(401, Refused.worded(reply).status());
      }
      thieves.get(i).close();
    }
    assertEquals(1, enrolled);
    assertEquals(1, BROKER.records().rows("enrol", launched.text("id")));
    assertEquals(0, BROKER.records().rows("renew", launched.text("id")));
  }

  private static String csr() {
    return "{\"csr\":\"" + AgentKey.generate().csr().replace("\n", "\\n") + "\"}";
  }

  @Test
  void the_same_key_again_is_a_retry_as_often_as_it_takes() {
    String token = token();
    AgentClient agent = BROKER.newAgent();
    for (int i = 0; i < 3; i++) {
      agent.enrol(token).expect(200);
      works(agent);
    }
    Refused.by(BROKER, () -> BROKER.newAgent().enrol(token)).expect(401);
    works(agent);
  }

  @Test
  void rubbish_does_not_use_a_token_up() {
    String token = token();
    AgentClient agent = BROKER.newAgent();
    String good = agent.key().csr();
    for (String csr :
        List.of(
            "",
            "nonsense",
            good.substring(0, good.length() / 2),
            good.replace("CERTIFICATE REQUEST", "CERTIFICATE"),
            good + good,
            "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
            agent.key().privatePem(),
            Csr.of(agent.key().pair()).signedBy(AgentKey.generate().pair().getPrivate()).pem(),
            Csr.of(AgentKey.pair("EC", "secp384r1")).pem(),
            Csr.of(AgentKey.pair("RSA", "")).pem(),
            Csr.of(AgentKey.pair("Ed25519", "")).pem(),
            "A".repeat(20_000))) {
      Refused.by(BROKER, () -> agent.enrol(token, csr)).expect(400);
    }
    for (String body :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"csr\":null}",
            "{\"csr\":5}",
            "{\"csr\":[\"x\"]}",
            "{\"csr\":\"\\u0000\"}",
            "{\"csr\":\"\\ud800\"}",
            "{\"csr\":\"x\",\"csr\":\"y\"}",
            "{\"csr\":\"x\",\"more\":1}",
            "[".repeat(500) + "]".repeat(500))) {
      Refused.by(
              BROKER,
              () -> agent.send(Via.NOTHING, "POST", "/v1/svid", AgentClient.bearer(token), body))
          .expect(400);
    }

    agent.enrol(token).expect(200);
    works(agent);
  }

  @Test
  void a_token_that_is_almost_right_is_unknown() {
    String token = token();
    String unknown = "";
    for (String almost :
        List.of(
            token.substring(1),
            token.substring(0, token.length() - 1),
            token + "x",
            token + "=",
            token.replaceFirst("writ_enrol_", ""),
            "writ_enrol_",
            "' OR '1'='1",
            "x".repeat(10_000))) {
      Reply reply = Refused.by(BROKER, () -> BROKER.newAgent().enrol(almost)).expect(401);
      unknown = unknown.isEmpty() ? reply.body() : unknown;
      assertEquals(unknown, reply.body(), almost);
    }
    BROKER.newAgent().enrol(token).expect(200);
  }

  @Test
  void a_newer_token_voids_the_older_and_a_dead_agents_is_void() {
    Reply launched = BROKER.operator().launch(LAUNCH).expect(201);
    String newer = BROKER.operator().enrolment(launched.text("id")).text("enrolment_token");
    Refused.by(BROKER, () -> BROKER.newAgent().enrol(launched.text("enrolment_token"))).expect(401);

    BROKER.operator().kill(launched.text("id")).expect(200);
    Refused.by(BROKER, () -> BROKER.newAgent().enrol(newer)).expect(401);
  }

  @Test
  void a_renewal_needs_the_newest_key_whatever_else_is_shown() {
    AgentClient agent = BROKER.agent("deployer");
    AgentClient other = BROKER.agent("deployer");
    String csr = csr();

    Refused.by(BROKER, () -> agent.send(Via.NOTHING, "POST", "/v1/svid", Map.of(), csr))
        .expect(401);
    Map<String, String> stolen =
        Map.of(
            "Authorization",
            "DPoP " + agent.svids().jwt(),
            "DPoP",
            other.proof("POST", "/v1/svid").ath(agent.svids().jwt()).sign());
    Refused.by(BROKER, () -> other.send(Via.NOTHING, "POST", "/v1/svid", stolen, csr)).expect(401);
    Refused.by(BROKER, () -> other.send(Via.MTLS, "POST", "/v1/svid", stolen, csr)).expect(401);
    Refused.by(BROKER, () -> agent.renew(Via.MTLS, other.key())).expect(409);
    agent.renew(Via.MTLS).expect(200);
    works(agent);
  }
}
