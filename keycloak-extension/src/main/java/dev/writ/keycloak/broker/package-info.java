/** How this Keycloak talks to the broker of a realm: it hints, and it passes questions on. */
@NullMarked
package dev.writ.keycloak.broker;

import org.jspecify.annotations.NullMarked;
