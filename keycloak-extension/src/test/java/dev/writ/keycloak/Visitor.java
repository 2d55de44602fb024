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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Somebody with a browser, as far as Keycloak's own forms need one. All cookies are kept: on
 * loopback browsers send those for secure connections, too; Java does not.
 */
final class Visitor implements AutoCloseable {
  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");

  private static final int REDIRECTS_MAX = 10;

  private final HttpClient browser =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  private final Map<String, String> cookies = new LinkedHashMap<>();

  /** Opens a device's address, logs in, and lets the device act for him. */
  void confirms(URI address, String username) throws IOException, InterruptedException {
    decides(address, username, "accept");
  }

  /** Opens a device's address, logs in, and sends the device away. */
  void refuses(URI address, String username) throws IOException, InterruptedException {
    decides(address, username, "cancel");
  }

  private void decides(URI address, String username, String button)
      throws IOException, InterruptedException {
    HttpResponse<String> login = open(address);
    Map<String, String> person = Map.of("username", username, "password", KeycloakRealm.PASSWORD);
    HttpResponse<String> consent = submit(login, person);
    if (!consent.body().contains("name=\"" + button + "\"")) {
      throw new AssertionError("nothing to decide in " + consent.body());
    }
    submit(consent, Map.of(button, "x"));
  }

  private HttpResponse<String> open(URI page) throws IOException, InterruptedException {
    return follow(send(HttpRequest.newBuilder(page)), page);
  }

  private HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> fields)
      throws IOException, InterruptedException {
    URI action = action(page);
    return follow(send(post(action, fields)), action);
  }

  private HttpResponse<String> follow(HttpResponse<String> first, URI from)
      throws IOException, InterruptedException {
    HttpResponse<String> response = first;
    URI at = from;
    for (int i = 0; i < REDIRECTS_MAX && response.statusCode() / 100 == 3; i++) {
      at = at.resolve(response.headers().firstValue("Location").orElseThrow());
      response = send(HttpRequest.newBuilder(at));
    }
    return response;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    String held =
        cookies.entrySet().stream()
            .map(one -> one.getKey() + "=" + one.getValue())
            .collect(Collectors.joining("; "));
    HttpResponse<String> response =
        browser.send(
            (held.isEmpty() ? request : request.header("Cookie", held)).build(),
            BodyHandlers.ofString());
    for (String cookie : response.headers().allValues("Set-Cookie")) {
      String[] pair = cookie.split(";", 2)[0].split("=", 2);
      cookies.put(pair[0], pair[1]);
    }
    return response;
  }

  /** Fills in the form for new users; the status of what comes then. */
  int register(KeycloakRealm realm, String username) throws IOException, InterruptedException {
    String back = encode(realm.url() + "/account/");
    URI page =
        URI.create(
            realm.url()
                + "/protocol/openid-connect/registrations?client_id=account&response_type=code&scope=openid&redirect_uri="
                + back);
    HttpResponse<String> form = send(HttpRequest.newBuilder(page));
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
    return send(post(action(form), fields)).statusCode();
  }

  private static URI action(HttpResponse<String> page) {
    Matcher action = ACTION.matcher(page.body());
    if (!action.find()) {
      throw new AssertionError("no form in " + page.statusCode() + " " + page.body());
    }
    return page.uri().resolve(action.group(1).replace("&amp;", "&"));
  }

  private static HttpRequest.Builder post(URI action, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(action)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    browser.shutdownNow();
  }
}
