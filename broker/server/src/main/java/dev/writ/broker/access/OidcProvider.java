package dev.writ.broker.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies access tokens of one OpenID provider. Its discovery document and keys are fetched when
 * first needed, and at most once in {@link #FETCH_EVERY}; no URL that stands in a token is ever
 * followed.
 */
final class OidcProvider {
  private static final Logger log = LoggerFactory.getLogger(OidcProvider.class);

  static final Duration FETCH_EVERY = Duration.ofSeconds(30);
  private static final Duration KEYS_LIVE = Duration.ofMinutes(15);
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final OidcLauncher launcher;
  private final PlainRetriever retriever;
  private final Clock clock;
  private @Nullable DefaultJWTProcessor<SecurityContext> processor;
  private Instant notBefore = Instant.MIN;

  OidcProvider(OidcLauncher launcher, PlainRetriever retriever, Clock clock) {
    this.launcher = launcher;
    this.retriever = retriever;
    this.clock = clock;
  }

  /** What became of a token. */
  sealed interface Verification {
    record Verified(JWTClaimsSet claims) implements Verification {}

    /**
     * @param reason for the caller; names no secret
     */
    record Invalid(String reason) implements Verification {}

    /** The provider cannot be asked now. */
    record Unavailable(String reason) implements Verification {}
  }

  Verification verify(SignedJWT token) {
    DefaultJWTProcessor<SecurityContext> ready;
    try {
      ready = processor();
    } catch (IOException | ParseException failed) {
      log.warn("The launcher {} cannot be reached: {}", launcher.name(), failed.getMessage());
      return new Verification.Unavailable("the identity provider does not answer");
    }
    try {
      JWTClaimsSet claims = ready.process(token, null);
      return objection(token, claims)
          .<Verification>map(Verification.Invalid::new)
          .orElseGet(() -> new Verification.Verified(claims));
    } catch (KeySourceException unreachable) {
      log.warn("The keys of the launcher {}: {}", launcher.name(), unreachable.getMessage());
      return new Verification.Unavailable("the identity provider's keys cannot be fetched");
    } catch (BadJOSEException refused) {
      return new Verification.Invalid(String.valueOf(refused.getMessage()));
    } catch (JOSEException refused) {
      return new Verification.Invalid("the signature cannot be verified");
    }
  }

  private Optional<String> objection(SignedJWT token, JWTClaimsSet claims) {
    if (!isAccessToken(token, claims)) {
      return Optional.of("this is not an access token; an ID or refresh token is not accepted");
    }
    if (claims.getIssueTime().toInstant().isAfter(clock.instant().plus(CLOCK_SKEW))) {
      return Optional.of("the access token was issued in the future; check the clocks");
    }
    if (claims.getClaims().containsKey("cnf")) {
      // As a bearer token it would prove nothing of the key that it is bound to.
      return Optional.of(
          "the access token is bound to a key (cnf), which is not checked here; get one that is not");
    }
    return Optional.empty();
  }

  /**
   * Keycloak's own claim says what a token is: its ID tokens say ID, its refresh tokens Refresh.
   * Others' access tokens say it in the header (RFC 9068 section 2.1).
   */
  private static boolean isAccessToken(SignedJWT token, JWTClaimsSet claims) {
    return claims.getClaims().containsKey("typ")
        ? "Bearer".equals(claims.getClaim("typ"))
        : ACCESS_TOKEN.equals(token.getHeader().getType());
  }

  private synchronized DefaultJWTProcessor<SecurityContext> processor()
      throws IOException, ParseException {
    DefaultJWTProcessor<SecurityContext> ready = processor;
    if (ready == null) {
      if (clock.instant().isBefore(notBefore)) {
        throw new IOException("it did not answer a moment ago");
      }
      notBefore = clock.instant().plus(FETCH_EVERY);
      ready = build(discover());
      processor = ready;
    }
    return ready;
  }

  private OIDCProviderMetadata discover() throws IOException, ParseException {
    URI document = URI.create(launcher.issuer() + "/.well-known/openid-configuration");
    String text = retriever.retrieveResource(document.toURL()).getContent();
    OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(text);
    if (!metadata.getIssuer().getValue().equals(launcher.issuer())) {
      throw new IOException("its discovery document names another issuer");
    }
    if (metadata.getJWKSetURI() == null) {
      throw new IOException("its discovery document names no keys");
    }
    return metadata;
  }

  private DefaultJWTProcessor<SecurityContext> build(OIDCProviderMetadata metadata)
      throws IOException {
    // While it may not be asked, what it said last counts: an unknown key is then no failure of it.
    JWKSource<SecurityContext> keys =
        JWKSourceBuilder.<SecurityContext>create(
                metadata.getJWKSetURI().toURL(), new NowAndThen(retriever, FETCH_EVERY, clock))
            .cache(KEYS_LIVE.toMillis(), Duration.ofSeconds(5).toMillis())
            .rateLimited(false)
            .outageTolerant(Duration.ofHours(1).toMillis())
            .build();
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            launcher.audience(),
            new JWTClaimsSet.Builder().issuer(launcher.issuer()).build(),
            Set.of("sub", "exp", "iat"));
    claims.setMaxClockSkew((int) CLOCK_SKEW.toSeconds());
    DefaultJWTProcessor<SecurityContext> built = new DefaultJWTProcessor<>();
    built.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN));
    built.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    built.setJWTClaimsSetVerifier(claims);
    return built;
  }
}
