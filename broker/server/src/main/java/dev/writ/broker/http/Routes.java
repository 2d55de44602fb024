package dev.writ.broker.http;

import java.util.ArrayList;
import java.util.List;

/** The routes of a server, in the order they were added. */
public final class Routes {
  /** Bytes of a body, unless its route says otherwise. */
  public static final int BODY_MAX = 64 * 1024;

  /** Bytes of the body of a policy or owner {@code apply}. */
  public static final int APPLY_BODY_MAX = 8 * 1024 * 1024;

  /**
   * @param path with {@code :name} for a segment
   * @param bodyMax in bytes
   */
  record Route(String method, String path, int bodyMax, Endpoint endpoint) {}

  private final List<Route> routes = new ArrayList<>();

  public Routes get(String path, Endpoint endpoint) {
    return add(new Route("GET", path, BODY_MAX, endpoint));
  }

  public Routes post(String path, Endpoint endpoint) {
    return add(new Route("POST", path, BODY_MAX, endpoint));
  }

  public Routes delete(String path, Endpoint endpoint) {
    return add(new Route("DELETE", path, BODY_MAX, endpoint));
  }

  public Routes apply(String path, Endpoint endpoint) {
    return add(new Route("POST", path, APPLY_BODY_MAX, endpoint));
  }

  private Routes add(Route route) {
    routes.add(route);
    return this;
  }

  /** What is answered: {@code GET /v1/agents/:id}. */
  public List<String> names() {
    return routes.stream().map(route -> route.method() + " " + route.path()).toList();
  }

  List<Route> all() {
    return List.copyOf(routes);
  }
}
