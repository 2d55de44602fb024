/**
 * What is still wrong with a node's surroundings, and what to do: GitHub Apps against the policies
 * in force, AWS roles' trust, clocks, the database. Asks what the broker itself would ask, by the
 * same clients, keys and proxy, and judges the answers; changes nothing that lasts.
 */
@NullMarked
package dev.writ.broker.doctor;

import org.jspecify.annotations.NullMarked;
