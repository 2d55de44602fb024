package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.RawHttp;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Much, slowly, or without ever listening: what it costs is bounded, and others are served. */
@Tag("alone")
class FloodAttackTest {
  /** Of a connection's two ends, for both are in this JVM. */
  private static final long HEAP_PER_CONNECTION = 256 * 1024;

  /** Bytes that one connection would have the server keep. */
  private static final long MUCH = 200_000_000;

  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  @AfterEach
  void it_still_serves() {
    Raw.answer(BROKER, Raw.JWKS).expect(200);
  }

  private static RawHttp connect() {
    return RawHttp.connect(BROKER.url(), BROKER.bundle());
  }

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static void connections(int count) {
    for (int i = 0; i < 20; i++) {
      connect().close();
    }
    long before = heap();
    List<RawHttp> open = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        RawHttp raw = connect();
        open.add(raw);
        raw.write(Raw.JWKS).answer(Raw.SOON).expect(200);
      }
      long each = (heap() - before) / count;
      assertTrue(each < HEAP_PER_CONNECTION, each + " bytes per connection");
      Raw.answer(BROKER, Raw.JWKS).expect(200);
    } finally {
      open.forEach(RawHttp::close);
    }
    open.clear();
    awaitHeap(before + count * 8L * 1024, count);
  }

  /** The server hears of a closed connection a moment later. */
  private static void awaitHeap(long most, int count) {
    long now = heap();
    for (int i = 0; i < 50 && now > most; i++) {
      pause(Duration.ofMillis(100));
      now = heap();
    }
    assertTrue(now <= most, (now - most) + " bytes too many are left of " + count + " connections");
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_hundred_connections_cost_little_and_leave_nothing() {
    connections(100);
  }

  @Test
  @Tag("long")
  void two_thousand_connections_cost_little_and_leave_nothing() {
    connections(2_000);
  }

  @Test
  void whoever_pipelines_without_reading_is_not_read_any_further() throws Exception {
    AtomicLong sent = new AtomicLong();
    byte[] many = Raw.JWKS.repeat(1_000).getBytes(StandardCharsets.ISO_8859_1);
    long before = heap();
    try (RawHttp raw = connect();
        ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writing =
          writer.submit(() -> {
            try {
              while (sent.get() < MUCH) {
                raw.write(many);
                sent.addAndGet(many.length);
              }
            } catch (UncheckedIOException ended) {
              // the test is over
            }
          });
      long last = -1;
      while (last != sent.get()) {
        last = sent.get();
        pause(Duration.ofMillis(700));
        Raw.answer(BROKER, Raw.JWKS).expect(200);
      }
      assertTrue(sent.get() < MUCH, "all was taken");
      long grown = heap() - before;
      assertTrue(grown < 32 << 20, grown + " bytes are held for one connection");
      raw.reset();
      writing.get();
    }
  }

  @Test
  void a_hundred_requests_that_wait_to_be_asked_for_their_body_stop_nobody() {
    List<RawHttp> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        RawHttp raw = connect();
        waiting.add(raw);
        raw.write(Raw.tokenHead() + "Content-Length: 60000\r\nExpect: 100-continue\r\n\r\n");
      }
      Raw.answer(BROKER, Raw.JWKS).expect(200);
    } finally {
      waiting.forEach(RawHttp::close);
    }
  }

  @Test
  void five_thousand_broken_queries_do_not_make_the_node_busy() {
    String broken = "GET /jwks?x=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String last = Raw.JWKS.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    try (RawHttp raw = connect();
        ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
      writer.submit(() -> raw.write(broken.repeat(5_000) + last));
      String answered = raw.readAll(Duration.ofSeconds(30));
      assertEquals(5_001, answered.split("HTTP/1.1 400 ", -1).length);
      assertEquals(2, answered.split("HTTP/1.1 200 ", -1).length);
    }
  }

  @Test
  @Tag("long")
  void slow_clients_are_cut_off_within_the_patience_of_thirty_seconds() throws Exception {
    List<String> slow =
        List.of(
            "GET /jwks HTTP/1.1\r\nX: " + "x".repeat(500),
            Raw.tokenHead() + "Content-Length: 500\r\n\r\n" + "x".repeat(499));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String bytes = slow.get(i % slow.size());
        all.add(
            clients.submit(() -> {
              try (RawHttp raw = connect()) {
                return raw.drip(bytes, Duration.ofMillis(300));
              }
            }));
      }
      for (Future<Boolean> one : all) {
        Raw.answer(BROKER, Raw.JWKS).expect(200);
        assertFalse(one.get(), "was read to the end");
      }
    }
  }
}
