package dev.writ.broker.store;

import java.sql.SQLException;

/**
 * What is done on one connection. Its {@code SQLException}s are sorted by {@link Database}; it need
 * not catch them.
 */
@FunctionalInterface
public interface Work<T> {
  T run(Session session) throws SQLException;
}
