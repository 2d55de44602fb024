package dev.writ.policy;

import java.util.Locale;

/** The rule of the policy language that a refusal rests on. */
public enum Rule {
  SYNTAX,
  RESOURCE,
  ACCOUNT,
  REPOSITORIES,
  PERMISSIONS,
  ROLE,
  ACTIONS,
  RESOURCES,
  CONDITIONS,
  BUDGET,
  AUDIENCE,
  SCOPES,
  TTL,
  DELEGATION;

  /** As answers and the ledger write it, such as {@code repositories}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
