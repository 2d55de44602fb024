package dev.writ.broker.token;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text without the credentials that a confused caller put where they do not belong. Refusals repeat
 * what was asked for, in answers that end up in transcripts and in the ledger, which forgets
 * nothing.
 */
public final class Masked {
  private static final String MASK = "(masked)";

  /** Each character is looked at a bounded number of times: runs are taken whole or left. */
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9._~+/=-]{40,}+");

  /** How our own tokens, JWTs and GitHub's begin. */
  private static final List<String> BEGINNINGS =
      List.of(
          "writ_enrol_", "writ_operator_", "eyJ", "ghs_", "ghp_", "gho_", "ghu_", "github_pat_");

  private Masked() {}

  /**
   * The text with every run of characters masked that holds what looks like a token. JSON stays
   * JSON.
   */
  public static String of(String text) {
    Matcher runs = RUN.matcher(text);
    return runs.find()
        ? runs.replaceAll(run -> looksLikeToken(run.group()) ? MASK : quoted(run.group()))
        : text;
  }

  private static boolean looksLikeToken(String run) {
    return BEGINNINGS.stream().anyMatch(run::contains);
  }

  private static String quoted(String run) {
    return Matcher.quoteReplacement(run);
  }
}
