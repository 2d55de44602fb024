/**
 * A realm's policies with all their versions, its settings and its counters, in Keycloak's database
 * (JPA and Liquibase). Everything hangs on the realm's own row and goes with it.
 */
@NullMarked
package dev.writ.keycloak.store;

import org.jspecify.annotations.NullMarked;
