package dev.writ.broker.api;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.rar.AuthorizationType;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Routes;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.trust.TrustBundle;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What others need to know to use and verify what this issuer gives: RFC 8414, OpenID Connect
 * Discovery, JWKS, SPIFFE.
 */
final class DiscoveryEndpoints {
  private static final Duration REFRESH = Duration.ofMinutes(5);

  private final URI issuer;
  private final Snapshots snapshots;
  private final Supplier<List<X509Certificate>> roots;
  private final Map<String, Object> metadata;
  private final Map<String, Object> resource;

  /**
   * @param launchers issuers of the access tokens that people and workloads call with
   */
  DiscoveryEndpoints(
      URI issuer,
      Snapshots snapshots,
      Supplier<List<X509Certificate>> roots,
      List<String> launchers) {
    this.issuer = issuer;
    this.snapshots = snapshots;
    this.roots = roots;
    this.metadata = metadata();
    this.resource = resource(launchers);
  }

  void routes(Routes routes) {
    routes
        .get("/.well-known/openid-configuration", this::configuration)
        .get("/.well-known/oauth-authorization-server", this::configuration)
        .get("/.well-known/oauth-protected-resource", call -> Answer.json(resource))
        .get("/jwks", this::jwks)
        .get("/spiffe/bundle", this::bundle)
        .get("/sts/.well-known/openid-configuration", this::stsConfiguration)
        .get("/sts/jwks", call -> keySet(snapshots.current().stsKeys()));
  }

  /** PEM of the X.509 authorities, as written to {@code bundle.pem}. */
  String pem() {
    return trust(snapshots.current()).pem();
  }

  private Answer configuration(Call call) {
    return Answer.json(metadata);
  }

  private Answer jwks(Call call) {
    return keySet(snapshots.current().tokenKeys());
  }

  private static Answer keySet(KeyRing keys) {
    return Answer.text(200, "application/jwk-set+json", keys.jwks())
        .with("Cache-Control", "public, max-age=300");
  }

  /**
   * What AWS reads of the separate issuer. No token of it ever reaches an agent, so it has no
   * endpoint to ask for one.
   */
  private Answer stsConfiguration(Call call) {
    Map<String, Object> sts = new LinkedHashMap<>();
    sts.put("issuer", issuer + "/sts");
    sts.put("jwks_uri", at("/sts/jwks").toString());
    sts.put("response_types_supported", List.of("id_token"));
    sts.put("subject_types_supported", List.of("public"));
    sts.put("id_token_signing_alg_values_supported", List.of("ES256"));
    sts.put("claims_supported", List.of("iss", "sub", "aud", "exp", "iat", "jti"));
    return Answer.json(sts);
  }

  private Answer bundle(Call call) {
    return Answer.text(200, "application/json", trust(snapshots.current()).json());
  }

  private TrustBundle trust(Snapshot snapshot) {
    return new TrustBundle(
        roots.get(), snapshot.tokenKeys().published(), snapshot.sequence(), REFRESH);
  }

  private Map<String, Object> metadata() {
    AuthorizationServerMetadata server = new AuthorizationServerMetadata(new Issuer(issuer));
    server.setTokenEndpointURI(at("/token"));
    server.setJWKSetURI(at("/jwks"));
    server.setIntrospectionEndpointURI(at("/introspect"));
    server.setRevocationEndpointURI(at("/revoke"));
    server.setGrantTypes(List.of(GrantType.TOKEN_EXCHANGE));
    server.setResponseTypes(List.of());
    server.setTokenEndpointAuthMethods(List.of(ClientAuthenticationMethod.NONE));
    server.setDPoPJWSAlgs(List.of(JWSAlgorithm.ES256));
    server.setSupportsTLSClientCertificateBoundAccessTokens(true);
    server.setAuthorizationDetailsTypes(
        Stream.of("github", "aws", "internal").map(AuthorizationType::new).toList());
    Map<String, Object> all = new LinkedHashMap<>(server.toJSONObject());
    all.put("response_types_supported", List.of());
    all.put("subject_types_supported", List.of("public"));
    all.put("id_token_signing_alg_values_supported", List.of("ES256"));
    return all;
  }

  /** RFC 9728 section 2: where people log in who call this broker. */
  private Map<String, Object> resource(List<String> launchers) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("resource", issuer.toString());
    if (!launchers.isEmpty()) {
      all.put("authorization_servers", launchers);
    }
    all.put("bearer_methods_supported", List.of("header"));
    return all;
  }

  private URI at(String path) {
    return URI.create(issuer + path);
  }
}
