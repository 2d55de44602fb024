package dev.writ.broker.doctor;

import dev.writ.broker.remote.Learnt;

/** What to do where a target does not tell what is asked. */
final class Remedies {
  private Remedies() {}

  /**
   * @param shown what to compare where it answered, and said no
   */
  static String of(Learnt.Cause cause, String shown) {
    return switch (cause) {
      case SILENT ->
          "Look at the way from this node to it: name, firewall, proxy: and ca: in writ.yaml.";
      case REFUSED -> shown;
      case LATER -> "Wait, or let another App share the load (docs/github.md, Quotas).";
      case HERE -> "Look at this node's key and database; its log has more.";
    };
  }
}
