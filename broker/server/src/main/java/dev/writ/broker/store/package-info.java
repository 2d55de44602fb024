/**
 * PostgreSQL: the only store and the only point that nodes share. {@link
 * dev.writ.broker.store.Database} opens an external one or the one that {@link
 * dev.writ.broker.store.EmbeddedPostgres} runs in the data folder, brings its schema up to date and
 * runs short transactions on it, each of which ends within a second or fails as {@link
 * dev.writ.broker.store.DatabaseUnavailable}.
 */
@NullMarked
package dev.writ.broker.store;

import org.jspecify.annotations.NullMarked;
