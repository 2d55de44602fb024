/**
 * Whole brokers under kill -9 and under races between nodes: nothing that was killed issues, and
 * nothing that exists is missing from the record.
 */
@NullMarked
package dev.writ.broker.crash;

import org.jspecify.annotations.NullMarked;
