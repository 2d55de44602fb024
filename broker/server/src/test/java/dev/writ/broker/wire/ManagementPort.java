package dev.writ.broker.wire;

import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.util.OptionalDouble;

/** A node's management port on this machine. */
record ManagementPort(int port) {

  Reply get(String path) {
    try (Http http = Http.plain()) {
      return http.get(URI.create("http://127.0.0.1:" + port + path));
    }
  }

  /** One metric's value, named with its labels as the text format writes them. */
  OptionalDouble metric(String series) {
    return get("/metrics")
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst();
  }
}
