package dev.writ.broker.wire;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Intent;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.Grant;
import dev.writ.policy.InternalGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * GitHub and AWS in one, which ask nobody: what names {@code busy} is exhausted, what names {@code
 * closed} refused, what names {@code dark} not answered, {@code absent} not configured, and all
 * else given.
 */
final class CannedMinter implements Minter {
  @Override
  public String name() {
    return "canned";
  }

  @Override
  public boolean serves(Grant grant) {
    return !(grant instanceof InternalGrant) && !grant.details().toString().contains("absent");
  }

  @Override
  public Duration lifeMin(Grant grant) {
    return Duration.ofSeconds(1);
  }

  @Override
  public Minted mint(Intent intent) {
    String target = intent.grant().allowed().details().toString();
    if (target.contains("busy")) {
      return new Minted.Exhausted("no more", Instant.now().plusSeconds(60));
    }
    if (target.contains("closed")) {
      return new Minted.Refused("closed");
    }
    return target.contains("dark") ? new Minted.Unknown("no answer") : issued(intent);
  }

  private static Minted.Issued issued(Intent intent) {
    Instant end = intent.grant().expiresAt();
    boolean aws = intent.grant().allowed() instanceof AwsGrant;
    return new Minted.Issued(
        aws ? credentialProcess(end) : "ghs_" + intent.grant().writ(),
        aws ? TokenType.AWS_CREDENTIALS : TokenType.ACCESS_TOKEN,
        intent.grant().allowed(),
        end,
        end,
        !aws,
        aws ? Optional.of("ASIACANNED") : Optional.empty());
  }

  private static String credentialProcess(Instant end) {
    return """
    {"Version":1,"AccessKeyId":"ASIACANNED","SecretAccessKey":"s","SessionToken":"t","Expiration":"%s"}\
    """
        .formatted(end);
  }

  @Override
  public Ending revoke(Held held) {
    return new Ending.Revoked("204");
  }
}
