/** JSON bodies in and out, and refusals in the one form that they have here (RFC 9457). */
@NullMarked
package dev.writ.keycloak.http;

import org.jspecify.annotations.NullMarked;
