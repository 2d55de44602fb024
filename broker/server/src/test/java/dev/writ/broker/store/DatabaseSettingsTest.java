package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.broker.store.DatabaseSettings.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
  @Test
  void reads_host_and_database_with_the_usual_port_and_user() {
    DatabaseSettings settings = parse("postgresql://localhost/writ");

    assertEquals(List.of(new HostPort("localhost", 5432)), settings.hosts());
    assertEquals("writ", settings.database());
    assertEquals("writ", settings.user());
    assertEquals(Optional.empty(), settings.password());
    assertEquals(Map.of(), settings.parameters());
  }

  @Test
  void reads_several_hosts_login_and_parameters() {
    DatabaseSettings settings =
        parse("postgres://ada:p%40ss@a:1,[::1]:2/my%20db?sslmode=require&sslrootcert=/etc/ca.pem");

    assertEquals(List.of(new HostPort("a", 1), new HostPort("[::1]", 2)), settings.hosts());
    assertEquals("my db", settings.database());
    assertEquals("ada", settings.user());
    assertEquals("p@ss", settings.password().orElseThrow().reveal());
    assertEquals(Map.of("sslmode", "require", "sslrootcert", "/etc/ca.pem"), settings.parameters());
  }

  @Test
  void lets_what_is_said_beside_the_url_win() {
    DatabaseSettings settings =
        DatabaseSettings.parse(
            "postgresql://ada:one@localhost/writ",
            Optional.of("grace"),
            Optional.of(Password.of("two")));

    assertEquals("grace", settings.user());
    assertEquals("two", settings.password().orElseThrow().reveal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db/writ",
        "postgresql://127.0.0.1,db/writ",
        "postgresql://localhost.example/writ",
        "postgresql://10.0.0.1/writ"
      })
  void asks_every_server_that_is_not_on_loopback_for_its_certificate(String url) {
    assertEquals("verify-full", parse(url).parameters().get("sslmode"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost/writ",
        "jdbc:postgresql://localhost/writ",
        "postgresql://localhost",
        "postgresql://localhost/",
        "postgresql:///writ",
        "postgresql://localhost:0/writ",
        "postgresql://localhost:65536/writ",
        "postgresql://localhost:x/writ",
        "postgresql://a,,b/writ",
        "postgresql://localhost/writ?socketTimeout=0",
        "postgresql://localhost/writ?sslmode",
        "postgresql://localhost/%zz"
      })
  void refuses_what_is_no_such_url(String url) {
    assertThrows(IllegalArgumentException.class, () -> parse(url));
  }

  @Test
  void never_shows_the_password() {
    assertFalse(parse("postgresql://ada:hunter2@localhost/writ").toString().contains("hunter2"));
    assertFalse(parse("postgresql://ada:hunter2@localhost/writ").address().contains("hunter2"));
  }

  @Test
  void never_repeats_a_password_whose_slash_was_not_escaped() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> parse("postgresql://ada:hunter/2@localhost/writ"));

    assertFalse(String.valueOf(refusal).contains("hunter"));
  }

  private static DatabaseSettings parse(String url) {
    return DatabaseSettings.parse(url, Optional.empty(), Optional.empty());
  }
}
