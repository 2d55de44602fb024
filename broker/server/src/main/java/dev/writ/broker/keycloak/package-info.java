/**
 * Policies and owners that are administered in a Keycloak realm: asks the realm each second, as a
 * client that proves itself by its key, whether there is something new, and takes it over.
 */
@NullMarked
package dev.writ.broker.keycloak;

import org.jspecify.annotations.NullMarked;
