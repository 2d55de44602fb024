package dev.writ.keycloak.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of {@code WRIT_POLICY_VERSION}; never changed. */
@Entity(name = "WritPolicyVersion")
@Table(name = "WRIT_POLICY_VERSION")
@IdClass(VersionEntity.Key.class)
public class VersionEntity {
  @Id
  @Column(name = "POLICY_ID", length = 36)
  private String policyId = "";

  @Id
  @Column(name = "VERSION")
  private int version;

  @Column(name = "CANONICAL", nullable = false)
  private String canonical = "";

  @Column(name = "AUTHOR", length = 320, nullable = false)
  private String author = "";

  @Column(name = "SAVED_AT", nullable = false)
  private long savedAt;

  @Column(name = "NOTE", length = 1000, nullable = false)
  private String note = "";

  @Column(name = "DELETED", nullable = false)
  private boolean deleted;

  @Column(name = "RESTORED_FROM")
  private @Nullable Integer restoredFrom;

  protected VersionEntity() {}

  VersionEntity(String policyId, Version version) {
    this.policyId = policyId;
    this.version = version.version();
    this.canonical = version.canonical();
    this.author = version.author();
    this.savedAt = version.at().toEpochMilli();
    this.note = version.comment();
    this.deleted = version.deleted();
    this.restoredFrom =
        version.restoredFrom().isPresent() ? version.restoredFrom().getAsInt() : null;
  }

  /** The primary key. */
  public static class Key implements Serializable {
    private String policyId = "";
    private int version;

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && policyId.equals(key.policyId) && version == key.version;
    }

    @Override
    public int hashCode() {
      return Objects.hash(policyId, version);
    }
  }
}
