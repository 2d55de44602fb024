/**
 * How each long-lived key of a deployment is looked at, replaced, retired and given up: one {@link
 * dev.writ.broker.rotation.Slot} per role, whose id survives the keys in it.
 */
@NullMarked
package dev.writ.broker.rotation;

import org.jspecify.annotations.NullMarked;
