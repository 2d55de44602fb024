package dev.writ.keycloak.transfer;

import java.util.HashMap;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelValidationException;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.RealmRepresentation;

/** The realm attribute that is in the file only. */
public final class Luggage {
  static final String ATTRIBUTE = "dev.writ.policies";

  private Luggage() {}

  /** Adds it to what is about to be written. */
  static void pack(KeycloakSession session, RealmModel realm, RealmRepresentation file) {
    Contents.of(session, realm)
        .ifPresent(contents -> {
          Map<String, String> attributes = new HashMap<>();
          if (file.getAttributes() != null) {
            attributes.putAll(file.getAttributes());
          }
          attributes.put(ATTRIBUTE, contents.json());
          file.setAttributes(attributes);
        });
  }

  /**
   * Takes it from a realm that was just made into the tables, in the same transaction.
   *
   * @throws ModelValidationException if it cannot be read; the realm is then not made
   */
  public static void unpack(KeycloakSession session, RealmModel realm) {
    String json = realm.getAttribute(ATTRIBUTE);
    if (json != null) {
      Contents.read(json).into(session, realm);
      realm.removeAttribute(ATTRIBUTE);
    }
  }
}
