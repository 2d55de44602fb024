/**
 * Requests to targets: one client for all of them, with the configured proxy and no other, bounds
 * on time, size and number, and an answer to the question what is known of a request that was not
 * answered.
 */
@NullMarked
package dev.writ.broker.remote;

import org.jspecify.annotations.NullMarked;
