package dev.writ.keycloak.admin;

import dev.writ.keycloak.http.Answers;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code agents}: the realm's broker answers; what it says is passed on as it is. */
public final class AgentsResource {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Administered administered;

  AgentsResource(Administered administered) {
    this.administered = administered;
  }

  @GET
  public Response list(@Context UriInfo uri) {
    return read("/v1/agents" + query(uri, "?"));
  }

  @GET
  @Path("{id}")
  public Response show(@PathParam("id") String id) {
    return unlessAgent(id).orElseGet(() -> read("/v1/agents/" + id));
  }

  @GET
  @Path("{id}/writs")
  public Response writs(@PathParam("id") String id, @Context UriInfo uri) {
    return unlessAgent(id).orElseGet(() -> read("/v1/writs?agent=" + id + query(uri, "&")));
  }

  @POST
  @Path("{id}/kill")
  public Response kill(@PathParam("id") String id, String body) {
    return administered
        .unlessWriter()
        .or(() -> unlessAgent(id))
        .orElseGet(() -> relay("POST", "/v1/agents/" + id + "/kill", body.isBlank() ? "{}" : body));
  }

  private static Optional<Response> unlessAgent(String id) {
    return ID.matcher(id).matches()
        ? Optional.empty()
        : Optional.of(Answers.notFound("There is no such agent."));
  }

  private Response read(String path) {
    return administered.unlessReader().orElseGet(() -> relay("GET", path, ""));
  }

  private Response relay(String method, String path, String body) {
    return Relay.pass(new Relay(administered).send(method, path, body));
  }

  /** As it came: the broker says what it knows. */
  private static String query(UriInfo uri, String before) {
    String query = uri.getRequestUri().getRawQuery();
    return query == null || query.isEmpty() ? "" : before + query;
  }
}
