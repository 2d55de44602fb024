package dev.writ.broker.doctor;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.VerificationKey;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.remote.RemoteReply;
import dev.writ.broker.remote.Words;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * What is published at an STS issuer's URL (OpenID Connect Discovery section 4), and whether it is
 * what this deployment signs with.
 */
public final class IssuerCopy implements AutoCloseable {
  private static final int BODY_BYTES_MAX = 256 * 1024;
  private static final int AT_ONCE_MAX = 4;
  private static final String CONFIGURATION = "/.well-known/openid-configuration";

  private final URI issuer;
  private final Supplier<KeyRing> keys;
  private final RemoteClient client;

  /**
   * What stands there.
   *
   * @param missing ids of the keys that sign, or will, and that it lacks
   * @param distrusted ids of the keys that it has and that are trusted no more
   * @param currentFirst whether the key that signs comes first, for who reads only one
   */
  public record State(List<String> missing, List<String> distrusted, boolean currentFirst) {
    public boolean behind() {
      return !missing.isEmpty();
    }
  }

  /**
   * @param tls whom to trust; empty: whom the machine trusts
   * @param keys of the slot {@code sts}, as they are at each call
   */
  public IssuerCopy(
      URI issuer,
      Optional<SSLContext> tls,
      Optional<InetSocketAddress> proxy,
      Supplier<KeyRing> keys) {
    this.issuer = issuer;
    this.keys = keys;
    this.client =
        new RemoteClient(
            tls,
            proxy,
            new RemoteClient.Bounds(RemoteClient.WHOLE_MAX, BODY_BYTES_MAX, AT_ONCE_MAX));
  }

  public URI issuer() {
    return issuer;
  }

  public Learnt<State> read(Deadline deadline) {
    return get(URI.create(issuer + CONFIGURATION), deadline)
        .then(this::keysUrl)
        .then(url -> get(url, deadline))
        .then(this::compared);
  }

  private Learnt<String> get(URI url, Deadline deadline) {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Accept", "application/json")
            .header("User-Agent", "writ-broker")
            .build();
    return switch (client.read(request, deadline)) {
      case RemoteReply.Answered answer when answer.status() == 200 ->
          Learnt.known(new String(answer.body(), StandardCharsets.UTF_8));
      case RemoteReply.Answered answer ->
          Learnt.refused(url + " is answered with status " + answer.status() + ", expected 200");
      case RemoteReply.Unanswered(RemoteReply.How _, String why) ->
          Learnt.silent(url + " does not answer: " + why);
    };
  }

  /** Keys are read from the issuer's own server, and from no other that an answer names. */
  private Learnt<URI> keysUrl(String configuration) {
    try {
      Map<String, Object> json = JSONObjectUtils.parse(configuration);
      String named = JSONObjectUtils.getString(json, "issuer");
      if (!issuer.toString().equals(named)) {
        return Learnt.refused(issuer + CONFIGURATION + " names another issuer: " + shown(named));
      }
      String keysUrl = JSONObjectUtils.getString(json, "jwks_uri");
      return (issuer + "/jwks").equals(keysUrl)
          ? Learnt.known(URI.create(keysUrl))
          : Learnt.refused(issuer + CONFIGURATION + " names other keys than " + issuer + "/jwks");
    } catch (ParseException notJson) {
      return Learnt.refused(issuer + CONFIGURATION + " is no discovery document");
    }
  }

  private static String shown(String text) {
    return Words.shown(String.valueOf(text));
  }

  private Learnt<State> compared(String jwks) {
    try {
      List<JWK> published = JWKSet.parse(jwks).getKeys();
      KeySchedule schedule = keys.get().schedule();
      List<VerificationKey> needed = new ArrayList<>(List.of(schedule.current().key()));
      schedule.next().ifPresent(next -> needed.add(next.key()));
      List<String> missing =
          needed.stream()
              .filter(key -> published.stream().noneMatch(one -> isOf(key, one)))
              .map(VerificationKey::kid)
              .toList();
      List<String> distrusted =
          published.stream()
              .map(one -> String.valueOf(one.getKeyID()))
              .filter(schedule.distrusted()::contains)
              .toList();
      boolean first = !published.isEmpty() && isOf(schedule.current().key(), published.get(0));
      return Learnt.known(new State(missing, distrusted, first));
    } catch (ParseException notKeys) {
      return Learnt.refused(issuer + "/jwks is no JWK set");
    }
  }

  /** By id and by the key itself. */
  private static boolean isOf(VerificationKey key, JWK published) {
    try {
      return key.kid().equals(published.getKeyID())
          && key.kid().equals(published.computeThumbprint().toString());
    } catch (JOSEException unreadable) {
      return false;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
