/**
 * What happens on a node, counted for Prometheus. Labels come from code, never from a request.
 * docs/metrics.md lists every metric, and a test compares the two.
 */
@NullMarked
package dev.writ.broker.metrics;

import org.jspecify.annotations.NullMarked;
