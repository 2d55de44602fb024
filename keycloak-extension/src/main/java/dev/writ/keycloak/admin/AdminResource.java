package dev.writ.keycloak.admin;

import dev.writ.keycloak.http.Answers;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The root of the administrators' API. */
public final class AdminResource {
  private final Administered administered;

  AdminResource(Administered administered) {
    this.administered = administered;
  }

  @Path("policies")
  public PoliciesResource policies() {
    return new PoliciesResource(administered);
  }

  @Path("agents")
  public AgentsResource agents() {
    return new AgentsResource(administered);
  }

  @Path("settings")
  public SettingsResource settings() {
    return new SettingsResource(administered);
  }

  @Path("suggestions")
  public SuggestionsResource suggestions() {
    return new SuggestionsResource(administered);
  }

  @GET
  @Path("vocabulary")
  public Response vocabulary() {
    return administered.unlessReader().orElseGet(() -> Answers.ok(Words.of(administered.bounds())));
  }

  @GET
  @Path("openapi.yaml")
  public Response openApi() {
    return administered
        .unlessReader()
        .orElseGet(() -> Response.ok(description(), "application/yaml").build());
  }

  private static String description() {
    try (InputStream yaml = AdminResource.class.getResourceAsStream("openapi.yaml")) {
      return new String(
          Objects.requireNonNull(yaml, "openapi.yaml").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
