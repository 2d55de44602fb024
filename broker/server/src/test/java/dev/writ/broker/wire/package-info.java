/**
 * The wire contract, spoken by real agents, people and thieves to a real broker with a real
 * database.
 */
@NullMarked
package dev.writ.broker.wire;

import org.jspecify.annotations.NullMarked;
