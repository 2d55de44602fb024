package dev.writ.broker.access;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Fetches at most once in a while, whether that succeeds or fails; in between it fails at once.
 * Tokens with invented key ids cannot make a provider be asked again and again. Nimbus's own limit
 * lets two through, and reports a third as its own failure instead of as an unknown key.
 */
final class NowAndThen implements ResourceRetriever {
  private final ResourceRetriever retriever;
  private final Duration every;
  private final Clock clock;
  private Instant next = Instant.MIN;

  NowAndThen(ResourceRetriever retriever, Duration every, Clock clock) {
    this.retriever = retriever;
    this.every = every;
    this.clock = clock;
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    take();
    return retriever.retrieveResource(url);
  }

  private synchronized void take() throws IOException {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      throw new IOException("it was asked less than " + every.toSeconds() + " s ago");
    }
    next = now.plus(every);
  }
}
