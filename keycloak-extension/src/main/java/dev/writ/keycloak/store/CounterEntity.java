package dev.writ.keycloak.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;

/** A row of {@code WRIT_COUNTER}. Whoever changes policies holds its lock until the commit. */
@Entity(name = "WritCounter")
@Table(name = "WRIT_COUNTER")
@IdClass(CounterEntity.Key.class)
public class CounterEntity {
  @Id
  @Column(name = "REALM_ID", length = 36)
  private String realmId = "";

  @Id
  @Column(name = "COUNTER", length = 16)
  private String counter = "";

  @Column(name = "REACHED", nullable = false)
  private long reached;

  protected CounterEntity() {}

  CounterEntity(String realmId, Counter counter, long reached) {
    this.realmId = realmId;
    this.counter = counter.key();
    this.reached = reached;
  }

  long reached() {
    return reached;
  }

  void reach(long number) {
    if (number < reached) {
      throw new IllegalArgumentException("a counter does not go back");
    }
    reached = number;
  }

  /** The primary key. */
  public static class Key implements Serializable {
    private String realmId = "";
    private String counter = "";

    public Key() {}

    Key(String realmId, Counter counter) {
      this.realmId = realmId;
      this.counter = counter.key();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && realmId.equals(key.realmId) && counter.equals(key.counter);
    }

    @Override
    public int hashCode() {
      return Objects.hash(realmId, counter);
    }
  }
}
