package dev.writ.broker.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that was looked at.
 *
 * @param subject such as an App, a role, a server
 * @param found what is so, and what is expected where that differs; no secret
 * @param remedy what to do; empty where nothing is wrong
 */
public record Finding(Area area, String subject, Status status, String found, String remedy) {

  /** How bad it is. */
  public enum Status {
    OK,
    /** It works, or nobody needs it yet. */
    WARN,
    /** Agents are or will be refused. */
    FAIL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Finding ok(Area area, String subject, String found) {
    return new Finding(area, subject, Status.OK, found, "");
  }

  public static Finding warn(Area area, String subject, String found, String remedy) {
    return new Finding(area, subject, Status.WARN, found, remedy);
  }

  public static Finding fail(Area area, String subject, String found, String remedy) {
    return new Finding(area, subject, Status.FAIL, found, remedy);
  }

  /** {@code {"area","subject","status","found","do"?}}. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("area", area.word());
    json.put("subject", subject);
    json.put("status", status.word());
    json.put("found", found);
    if (!remedy.isEmpty()) {
      json.put("do", remedy);
    }
    return json;
  }
}
