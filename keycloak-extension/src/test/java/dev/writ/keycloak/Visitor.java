package dev.writ.keycloak;

import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser, as far as Keycloak's own forms need one. */
final class Visitor implements AutoCloseable {
  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");

  private final HttpClient browser =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  /** Fills in the form for new users; the status of what comes then. */
  int register(KeycloakRealm realm, String username) throws IOException, InterruptedException {
    String back = encode(realm.url() + "/account/");
    URI page =
        URI.create(
            realm.url()
                + "/protocol/openid-connect/registrations?client_id=account&response_type=code&scope=openid&redirect_uri="
                + back);
    HttpResponse<String> form =
        browser.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    Matcher action = ACTION.matcher(form.body());
    if (!action.find()) {
      throw new AssertionError("no form in " + form.statusCode() + " " + form.body());
    }
    Map<String, String> fields =
        Map.of(
            "username",
            username,
            "email",
            username + "@example.org",
            "firstName",
            username,
            "lastName",
            "Example",
            "password",
            "correct horse",
            "password-confirm",
            "correct horse");
    String body =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
            .header("Cookie", cookies(form))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return browser.send(post, BodyHandlers.ofString()).statusCode();
  }

  /** All of them: on loopback browsers send those for secure connections, too; Java does not. */
  private static String cookies(HttpResponse<?> response) {
    return response.headers().allValues("Set-Cookie").stream()
        .map(cookie -> cookie.split(";", 2)[0])
        .collect(Collectors.joining("; "));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    browser.shutdownNow();
  }
}
