package dev.writ.keycloak.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code WRIT_SETTINGS}: a realm's settings, as JSON. */
@Entity(name = "WritSettings")
@Table(name = "WRIT_SETTINGS")
public class SettingsEntity {
  @Id
  @Column(name = "REALM_ID", length = 36)
  private String realmId = "";

  @Column(name = "SETTINGS", nullable = false)
  private String settings = "";

  protected SettingsEntity() {}

  SettingsEntity(String realmId) {
    this.realmId = realmId;
  }

  String json() {
    return settings;
  }

  void set(String json) {
    settings = json;
  }
}
