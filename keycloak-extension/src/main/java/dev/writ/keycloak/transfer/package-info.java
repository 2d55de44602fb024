/**
 * Export and import: in the file, and only there, a realm has an attribute that holds its policies
 * with all their versions, its counters and its settings.
 */
@NullMarked
package dev.writ.keycloak.transfer;

import org.jspecify.annotations.NullMarked;
