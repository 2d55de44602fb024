package dev.writ.broker.crash;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Intent;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.fixtures.fault.SlowTarget;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.policy.Grant;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Mints for GitHub grants at a {@link SlowTarget}, under the id of the writ. */
final class SlowMinter implements Minter {
  private final URI target;
  private final Http http = Http.plain();

  SlowMinter(URI target) {
    this.target = target;
  }

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public boolean serves(Grant grant) {
    return grant.fold(gitHub -> true, aws -> false, internal -> false);
  }

  @Override
  public Duration lifeMin(Grant grant) {
    return Duration.ofSeconds(1);
  }

  @Override
  public Minted mint(Intent intent) {
    try {
      Reply reply = post("/mint", "{\"intent\":\"" + intent.grant().writ() + "\"}");
      return reply.status() == 201
          ? new Minted.Issued(
              reply.text("token"),
              TokenType.ACCESS_TOKEN,
              intent.grant().allowed(),
              Instant.parse(reply.text("expires_at")),
              Instant.parse(reply.text("expires_at")),
              true,
              Optional.empty())
          : new Minted.Refused("status " + reply.status());
    } catch (UncheckedIOException noAnswer) {
      return new Minted.Unknown("no answer");
    }
  }

  @Override
  public Ending revoke(Held held) {
    try {
      Reply reply = post("/revoke", "{\"token\":\"" + held.secret() + "\"}");
      return reply.status() == 204
          ? new Ending.Revoked("204")
          : new Ending.Unknown("status " + reply.status());
    } catch (UncheckedIOException noAnswer) {
      return new Ending.Unknown("no answer");
    }
  }

  private Reply post(String path, String json) {
    return http.send("POST", URI.create(target + path), Map.of(), json);
  }
}
