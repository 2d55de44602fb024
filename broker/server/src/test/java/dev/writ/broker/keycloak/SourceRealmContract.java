package dev.writ.broker.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.authority.RealmPolicies.Deleted;
import dev.writ.broker.authority.RealmPolicies.Saved;
import dev.writ.broker.keys.FileKeyProvider;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.owner.GroupDefinition;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.FakeServer.Request;
import dev.writ.fixtures.keycloaksource.SourceRealm;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a broker relies on in a realm, the fake one and a real Keycloak's alike. The Keycloak
 * extension runs it, too.
 */
@SuppressWarnings("NullAway.Init")
public abstract class SourceRealmContract {
  private static final String POLICY =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "keycloak/group:platform" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
      """;

  @TempDir Path folder;

  private final AgentKey key = AgentKey.generate();
  private SourceRealm realm;

  /** A realm of the test's own, without policies, users and groups. */
  protected abstract SourceRealm realm();

  @BeforeEach
  void begin() {
    realm = realm();
    realm.client(SourceRealm.BROKER_CLIENT, key.pair().getPublic());
  }

  private static String json(String name, String yaml) {
    return Policy.yaml("name: " + name + "\n" + yaml, Bounds.DEFAULT).orElseThrow().toJson();
  }

  private RealmClient reader(String document) throws Exception {
    return reader(document, SourceRealm.BROKER_CLIENT, key);
  }

  private RealmClient reader(String document, String client, AgentKey proof) throws Exception {
    RealmConnection connection =
        new RealmConnection(realm.url(), client, signer(proof), tls(), Optional.empty());
    return new RealmClient(connection, document, Clock.systemUTC());
  }

  private Signer signer(AgentKey proof) throws Exception {
    Path file =
        Files.createTempFile(
            folder,
            "client",
            ".pem",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, proof.privatePem());
    return new FileKeyProvider().signer(KeyRef.parse("file:" + file, folder));
  }

  private Optional<SSLContext> tls() throws Exception {
    if (realm.caPem().isEmpty()) {
      return Optional.empty();
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(realm.caPem().getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return Optional.of(context);
  }

  private static RealmAnswer.Document document(RealmAnswer answer) {
    return assertInstanceOf(RealmAnswer.Document.class, answer, answer::toString);
  }

  private PolicySetReader.Read policies(RealmAnswer answer) throws Exception {
    return new PolicySetReader(realm.url(), Bounds.DEFAULT).read(document(answer).body());
  }

  private OwnersDocument owners(RealmAnswer answer) throws Exception {
    return OwnersDocument.read(document(answer).body(), realm.url());
  }

  @Test
  void a_set_is_told_whole_with_numbers_authors_and_comments() throws Exception {
    try (RealmClient reader = reader("policies")) {
      long before = policies(reader.read("")).set().version();
      assertEquals(1, realm.save("operator", json("operator", POLICY), "first"));
      assertEquals(
          2, realm.save("operator", json("operator", POLICY.replace("12h", "6h")), "shorter"));

      PolicySetReader.Read read = policies(reader.read(""));

      assertTrue(read.broken().isEmpty(), read::toString);
      assertEquals(before + 2, read.set().version());
      Saved saved = read.set().policies().getFirst();
      assertEquals("operator", saved.name());
      assertEquals(2, saved.version());
      assertEquals("shorter", saved.comment());
      assertTrue(saved.author().contains("user:"), saved::toString);
      assertEquals(
          json("operator", POLICY.replace("12h", "6h")), saved.policy().orElseThrow().toJson());
    }
  }

  @Test
  void what_is_known_is_not_told_again_until_it_changes() throws Exception {
    try (RealmClient reader = reader("policies")) {
      realm.save("operator", json("operator", POLICY), "first");
      String tag = document(reader.read("")).tag();

      assertInstanceOf(RealmAnswer.Unchanged.class, reader.read(tag));
      assertInstanceOf(RealmAnswer.Unchanged.class, reader.read(tag));
      realm.save("other", json("other", POLICY), "second");
      String next = document(reader.read(tag)).tag();

      assertInstanceOf(RealmAnswer.Unchanged.class, reader.read(next));
      assertEquals(2, policies(reader.read(tag)).set().policies().size());
    }
  }

  @Test
  void a_deleted_policy_is_told_as_deleted_and_its_numbers_go_on() throws Exception {
    try (RealmClient reader = reader("policies")) {
      int first = realm.save("operator", json("operator", POLICY), "first");
      realm.delete("operator");

      PolicySetReader.Read deleted = policies(reader.read(""));
      assertTrue(deleted.set().policies().isEmpty(), deleted::toString);
      assertEquals(
          List.of("operator"), deleted.set().deleted().stream().map(Deleted::name).toList());
      assertTrue(realm.save("operator", json("operator", POLICY), "again") > first);
      assertTrue(policies(reader.read("")).set().version() > deleted.set().version());
    }
  }

  @Test
  void owners_are_the_enabled_users_and_the_groups_that_have_one() throws Exception {
    try (RealmClient reader = reader("owners")) {
      realm.user("ada", true);
      realm.user("grace", true);
      realm.user("mallory", false);
      realm.group("platform", List.of("ada", "grace", "mallory"));
      realm.group("empty", List.of("mallory"));

      OwnersDocument read = owners(reader.read(""));

      assertTrue(read.broken().isEmpty(), read::toString);
      assertEquals(Set.of("ada", "grace"), read.definition().users());
      GroupDefinition group = read.definition().groups().getFirst();
      assertEquals(1, read.definition().groups().size());
      assertEquals("platform", group.name());
      assertEquals(Set.of("ada", "grace"), Set.copyOf(group.members()));

      String tag = document(reader.read("")).tag();
      assertInstanceOf(RealmAnswer.Unchanged.class, reader.read(tag));
      realm.user("grace", false);
      assertEquals(Set.of("ada"), owners(reader.read(tag)).definition().users());
      realm.removeUser("ada");
      OwnersDocument nobody = owners(reader.read(""));
      assertTrue(nobody.definition().users().isEmpty() && nobody.definition().groups().isEmpty());
    }
  }

  @Test
  void the_broker_is_told_of_changes_without_content_or_credential() throws Exception {
    BlockingQueue<Request> heard = new LinkedBlockingQueue<>();
    try (FakeServer broker =
        FakeServer.http(
            0,
            request -> {
              heard.add(request);
              return new Answer.Whole(202, Map.of(), "");
            })) {
      realm.push(broker.url(), "");
      realm.save("operator", json("operator", POLICY), "first");
      hinted(heard);
      realm.user("ada", true);
      hinted(heard);
    }
  }

  private static void hinted(BlockingQueue<Request> heard) throws InterruptedException {
    Request hint = heard.poll(5, TimeUnit.SECONDS);
    assertNotNull(hint, "no hint");
    assertEquals("POST /v1/policies/poll", hint.method() + " " + hint.path());
    assertEquals("", hint.body() + hint.header("Authorization"));
    Thread.sleep(300);
    heard.clear();
  }

  @Test
  void a_user_whom_writ_cannot_name_is_told_of_and_spoils_nothing() throws Exception {
    try (RealmClient reader = reader("owners")) {
      realm.user("ada", true);
      realm.user("no\u00adone", true);

      OwnersDocument read = owners(reader.read(""));

      assertEquals(Set.of("ada"), read.definition().users());
      assertEquals(Set.of(), read.broken().keySet());
      assertEquals(Set.of("no\u00adone"), read.unnamed().keySet());
    }
  }

  @Test
  void who_stands_in_is_told_and_what_cannot_be_read_of_it_spoils_nothing() throws Exception {
    try (RealmClient reader = reader("owners")) {
      realm.user("ada", true);
      realm.user("grace", true);
      realm.group("platform", List.of("ada"));
      realm.overrides(
          "platform",
          List.of("2026-12-24T08:00:00Z/2026-12-27T08:00:00Z grace", "whenever she likes"));

      OwnersDocument read = owners(reader.read(""));

      GroupDefinition group = read.definition().groups().getFirst();
      assertEquals(1, group.overrides().size());
      assertEquals("grace", group.overrides().getFirst().user());
      assertEquals(Set.of("platform"), read.broken().keySet());
      assertEquals(Set.of(), read.kept());
    }
  }

  @Test
  void another_client_or_key_reads_nothing() throws Exception {
    realm.client("stranger", key.pair().getPublic());
    for (RealmClient reader :
        List.of(
            reader("policies", "stranger", key),
            reader("owners", "stranger", key),
            reader("policies", "nobody", key),
            reader("policies", SourceRealm.BROKER_CLIENT, AgentKey.generate()))) {
      try (reader) {
        RealmAnswer answer = reader.read("");
        assertInstanceOf(RealmAnswer.Failed.class, answer, answer::toString);
      }
    }
  }
}
