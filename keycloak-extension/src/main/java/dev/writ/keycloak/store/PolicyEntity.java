package dev.writ.keycloak.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code WRIT_POLICY}: a name's newest version, with what a list shows and searches. */
@Entity(name = "WritPolicy")
@Table(name = "WRIT_POLICY")
public class PolicyEntity {
  @Id
  @Column(name = "ID", length = 36)
  private String id = "";

  @Column(name = "REALM_ID", length = 36, nullable = false)
  private String realmId = "";

  @Column(name = "NAME", length = 63, nullable = false)
  private String name = "";

  @Column(name = "CURRENT_VERSION", nullable = false)
  private int version;

  @Column(name = "DELETED", nullable = false)
  private boolean deleted;

  @Column(name = "SUMMARY", nullable = false)
  private String summary = "";

  @Column(name = "SEARCHED", nullable = false)
  private String searched = "";

  protected PolicyEntity() {}

  PolicyEntity(String id, String realmId, String name) {
    this.id = id;
    this.realmId = realmId;
    this.name = name;
  }

  String id() {
    return id;
  }

  int version() {
    return version;
  }

  boolean deleted() {
    return deleted;
  }

  void show(int newest, boolean isDeleted, Summary shown) {
    version = newest;
    deleted = isDeleted;
    summary = shown.json();
    searched = shown.searched();
  }
}
