package dev.writ.broker.authority;

import dev.writ.broker.keys.Digests;
import dev.writ.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All policies of a realm, as it gave them.
 *
 * @param version number of the whole set; grows with each change
 * @param policies with different names
 * @param deleted names that are not among the policies
 */
public record RealmPolicies(long version, List<Saved> policies, List<Deleted> deleted) {
  public RealmPolicies {
    policies = List.copyOf(policies);
    deleted = List.copyOf(deleted);
  }

  /**
   * A policy as it was saved.
   *
   * @param version the realm's number
   * @param policy empty if this broker cannot read it
   */
  public record Saved(
      String name,
      int version,
      String author,
      String comment,
      String at,
      Optional<Policy> policy) {}

  /** A policy that is no more, and who deleted it. */
  public record Deleted(String name, String author, String comment) {}

  /**
   * SHA-256 of which policy has which number. Texts are not in it: they are compared one by one.
   */
  byte[] content() {
    String text =
        Stream.concat(
                policies.stream().map(one -> one.name() + "@" + one.version()),
                deleted.stream().map(one -> "-" + one.name()))
            .sorted()
            .collect(Collectors.joining("\n"));
    return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
