/**
 * The REST API for a realm's administrators, below {@code /admin/realms/{realm}/writ/}: reads need
 * view-realm, writes manage-realm, and every write is an admin event. {@code openapi.yaml} beside
 * this describes it.
 */
@NullMarked
package dev.writ.keycloak.admin;

import org.jspecify.annotations.NullMarked;
