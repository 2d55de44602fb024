package dev.writ.broker.access;

import java.util.regex.Pattern;

/** The syntax of names of people, groups and clients. */
public final class Principals {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");

  private Principals() {}

  /** Whether the text can be the name of a person or client. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
