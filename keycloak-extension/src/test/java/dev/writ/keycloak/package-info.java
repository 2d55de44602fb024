/** The extension in a real Keycloak, over HTTP. */
@NullMarked
package dev.writ.keycloak;

import org.jspecify.annotations.NullMarked;
