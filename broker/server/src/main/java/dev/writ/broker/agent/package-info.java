/**
 * Agents from launch to end: what is known of one, how it is launched, enrolled, extended, handed
 * over and killed. Every change is an act in the ledger.
 */
@NullMarked
package dev.writ.broker.agent;

import org.jspecify.annotations.NullMarked;
