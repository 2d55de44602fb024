/**
 * What brokers read of a realm, below {@code /realms/{realm}/writ/source/}: its policies and its
 * users and groups, each with a number that changes in the same transaction as they do.
 */
@NullMarked
package dev.writ.keycloak.source;

import org.jspecify.annotations.NullMarked;
