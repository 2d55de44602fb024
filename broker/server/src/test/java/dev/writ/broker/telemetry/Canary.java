package dev.writ.broker.telemetry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Svids;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.secrets.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Remembers every secret of a life, and writes down every refusal that it met. */
final class Canary {
  private final Secrets secrets = new Secrets();
  private final List<String> tokens = new ArrayList<>();
  private final Path refusals;

  Canary(Path folder) {
    refusals = folder.resolve("refusals");
  }

  Secrets secrets() {
    return secrets;
  }

  /** The text secrets so far: what a confused caller might send to the wrong place. */
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** Remembers an opaque token, a JWT or a password, and gives it back. */
  String secret(String what, String text) {
    secrets.token(what, text);
    tokens.add(text);
    return text;
  }

  /** Remembers what an agent has: its private key and its JWT-SVID, as bearer of both. */
  AgentClient secret(AgentClient agent) {
    secrets.key("agent's private key", agent.key());
    Svids svids = agent.svids();
    secrets.token("JWT-SVID", svids.jwt());
    return agent;
  }

  /** A proof that is to be sent by hand. */
  String proof(AgentClient agent, String method, String path) {
    String proof = agent.proof(method, path).sign();
    secrets.token("DPoP proof", proof);
    return proof;
  }

  /** A PEM file's private key. */
  void pem(String what, Path file) throws IOException, GeneralSecurityException {
    String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    byte[] pkcs8 = Base64.getMimeDecoder().decode(base64);
    key(what, pkcs8);
  }

  void key(String what, byte[] pkcs8) throws GeneralSecurityException {
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    secrets.key(what, key);
    secrets.bytes(what, pkcs8);
  }

  /**
   * A refusal, or at any rate no success that may hold a secret: its whole text is written down.
   */
  Reply refused(Reply reply) {
    assertTrue(reply.status() >= 400 && reply.status() < 500, reply::toString);
    return harmless(reply);
  }

  /** An answer that may hold no secret, whatever it says. */
  Reply harmless(Reply reply) {
    assertTrue(reply.status() < 500, reply::toString);
    write(reply.status() + " " + reply.headers() + "\n" + reply.body() + "\n\n");
    return reply;
  }

  private void write(String text) {
    try {
      Files.writeString(refusals, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
