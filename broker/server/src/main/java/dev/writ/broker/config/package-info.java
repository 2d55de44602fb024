/**
 * The configuration: {@code writ.yaml}, environment variables and flags read into one immutable
 * {@link dev.writ.broker.config.Config}, with every problem of every source at once and its place.
 */
@NullMarked
package dev.writ.broker.config;

import org.jspecify.annotations.NullMarked;
