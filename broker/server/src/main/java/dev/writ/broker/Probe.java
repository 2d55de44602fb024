package dev.writ.broker;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Asks a node on this machine whether it is ready, for where nothing else speaks HTTP: the health
 * check of a container without a shell. Exit code 0 says yes, 1 no; what is wrong the node's own
 * log says.
 */
public final class Probe {
  private static final String READY = "http://127.0.0.1:9000/health/ready";
  private static final int PATIENCE_MILLIS = 3_000;

  private Probe() {}

  /**
   * @param arguments the URL to ask, or nothing for the usual management port
   */
  public static void main(String[] arguments) {
    System.exit(isReady(arguments.length == 0 ? READY : arguments[0]) ? 0 : 1);
  }

  private static boolean isReady(String url) {
    try {
      if (!(URI.create(url).toURL().openConnection() instanceof HttpURLConnection http)) {
        return false;
      }
      http.setConnectTimeout(PATIENCE_MILLIS);
      http.setReadTimeout(PATIENCE_MILLIS);
      return http.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }
}
