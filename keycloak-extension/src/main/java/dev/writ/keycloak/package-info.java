/**
 * Writ's part of Keycloak: policies and owners as a realm's administrators keep them, and what
 * brokers read of them.
 */
@NullMarked
package dev.writ.keycloak;

import org.jspecify.annotations.NullMarked;
