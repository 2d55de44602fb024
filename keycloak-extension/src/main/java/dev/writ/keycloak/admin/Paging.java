package dev.writ.keycloak.admin;

import dev.writ.keycloak.http.Answers;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which part of a list is wanted.
 *
 * @param first number of the first entry, from 0; -1 where it cannot be read
 * @param max entries at most; -1 where it cannot be read
 */
record Paging(int first, int max) {
  private static final int MAX = 1_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,7}");

  static Paging read(String first, String max) {
    return new Paging(number(first), number(max));
  }

  private static int number(String text) {
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
  }

  Optional<Response> refusal() {
    return first >= 0 && max >= 1 && max <= MAX
        ? Optional.empty()
        : Optional.of(
            Answers.invalid(
                "", "expected first from 0 and max from 1 to " + MAX + ", as whole numbers"));
  }
}
