/**
 * Users and groups that answer for agents. A group's rotation names one accountable person at any
 * instant, as a pure function of the group's stored state, so that what was true of a past instant
 * stays true.
 */
@NullMarked
package dev.writ.broker.owner;

import org.jspecify.annotations.NullMarked;
