package dev.writ.broker.token;

import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.P256;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.trust.ClientCertificates;
import dev.writ.broker.trust.Root;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.broker.trust.X509Svid;
import java.lang.management.ManagementFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Prints the CPU time of each step of the hot path beside that of the bare signature. */
final class TokenCost {

  private static final int WARM_UP = 5_000;
  private static final int ROUNDS = 5;
  private static final int OPERATIONS = 3_000;
  private static final int TOTAL = WARM_UP + ROUNDS * OPERATIONS;
  private static final String ISSUER = "https://broker.example:8443";
  private static final TrustDomain DOMAIN = new TrustDomain("writ.local");
  private static final SpiffeId AGENT = new SpiffeId(DOMAIN, UUID.randomUUID());
  private static final Instant NOW = Instant.now();

  private interface Operation {
    Object run() throws Exception;
  }

  private TokenCost() {}

  public static void main(String[] arguments) throws Exception {
    Forge agent = Forge.fresh();
    KeyRing ring = TestKeys.ring(TestKeys.tokenKey(KeySlot.TOKEN, agent.pair(), NOW), NOW);
    Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(agent.pair().getPrivate());
    byte[] message = new byte[600];
    double sign = print("bare sign", 0, () -> bare(signer, message));
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(agent.publicKey());
    byte[] signature = bare(signer, message);
    double verify =
        print(
            "bare verify",
            0,
            () -> {
              verifier.update(message);
              return verifier.verify(signature);
            });
    JwtSvids svids = new JwtSvids(ISSUER, DOMAIN, () -> ring);
    print(
        "JWT-SVID issue", sign, () -> svids.issue(AGENT, agent.jkt(), NOW, NOW.plusSeconds(3600)));
    String token = svids.issue(AGENT, agent.jkt(), NOW, NOW.plusSeconds(3600)).text();
    print("JWT-SVID verify, warm", verify, () -> svids.verify(token, NOW));
    Iterator<String> unseen = tokens(svids, agent.jkt()).iterator();
    print("JWT-SVID verify, cold", verify, () -> svids.verify(unseen.next(), NOW));
    DpopProofs proofs = new DpopProofs(ISSUER);
    String proof = proof(agent);
    DpopProofs.Request request = new DpopProofs.Request("POST", "/token", Optional.empty());
    print("DPoP verify, known key", verify, () -> proofs.verify(proof, request, NOW));
    Iterator<String> strangers = proofsOfStrangers().iterator();
    print("DPoP verify, new key", verify, () -> proofs.verify(strangers.next(), request, NOW));
    AccessTokens tokens = new AccessTokens(ISSUER, () -> ring);
    AccessToken access = access(agent);
    print("access token sign", sign, () -> tokens.issue(access));
    certificates();
  }

  private static void certificates() throws Exception {
    Root root = Root.create(TestKeys.signer(), DOMAIN, NOW);
    ECPublicKey key = (ECPublicKey) P256.generate().getPublic();
    var issuer = root.svidIssuer(InstantSource.fixed(NOW), Duration.ofHours(1));
    X509Svid svid = issuer.x509(AGENT, key, NOW.plusSeconds(3600));
    ClientCertificates certificates =
        new ClientCertificates(DOMAIN, List.of(root.certificate()), id -> false);
    print("client certificate, warm", 0, () -> certificates.verify(svid.chain(), NOW));
    print("X.509-SVID issue", 0, () -> issuer.x509(AGENT, key, NOW.plusSeconds(3600)));
  }

  private static List<String> tokens(JwtSvids svids, String jkt) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < TOTAL; i++) {
      tokens.add(svids.issue(AGENT, jkt, NOW, NOW.plusSeconds(3600)).text());
    }
    return tokens;
  }

  private static List<String> proofsOfStrangers() {
    List<String> proofs = new ArrayList<>();
    for (int i = 0; i < TOTAL; i++) {
      proofs.add(proof(Forge.fresh()));
    }
    return proofs;
  }

  private static byte[] bare(Signature signer, byte[] message) throws Exception {
    signer.update(message);
    return signer.sign();
  }

  private static String proof(Forge agent) {
    return agent.sign(
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + agent.jwk() + "}",
        "{\"jti\":\"%s\",\"htm\":\"POST\",\"htu\":\"%s/token\",\"iat\":%d}"
            .formatted(UUID.randomUUID(), ISSUER, NOW.getEpochSecond()));
  }

  private static AccessToken access(Forge agent) {
    return new AccessToken(
        AGENT,
        "https://deploy.internal",
        NOW,
        NOW.plusSeconds(300),
        UUID.randomUUID().toString(),
        List.of("deploy:read"),
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[\"deploy:read\"]}]",
        new Confirmation.Key(agent.jkt()),
        "operator@7",
        "group:platform",
        List.of());
  }

  private static double print(String name, double bare, Operation operation) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    List<Object> kept = new ArrayList<>(1);
    double best = Double.MAX_VALUE;
    for (int i = 0; i < WARM_UP; i++) {
      operation.run();
    }
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < OPERATIONS; i++) {
        kept.clear();
        kept.add(operation.run());
      }
      best = Math.min(best, (threads.getCurrentThreadCpuTime() - before) / 1e3 / OPERATIONS);
    }
    String ratio =
        bare == 0 ? "" : String.format(Locale.ROOT, "  %.2f of the bare one", best / bare);
    System.out.printf(Locale.ROOT, "%-42s %7.1f µs%s%n", name, best, ratio);
    return best;
  }
}
