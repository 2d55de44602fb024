/** What an export holds, without a Keycloak. */
@NullMarked
package dev.writ.keycloak.transfer;

import org.jspecify.annotations.NullMarked;
