/** The page for a realm's administrators: static files, and the client that it logs in with. */
@NullMarked
package dev.writ.keycloak.page;

import org.jspecify.annotations.NullMarked;
