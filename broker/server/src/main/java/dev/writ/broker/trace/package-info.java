/**
 * Where the time of a request goes, as OpenTelemetry spans. Off unless the standard environment
 * variables turn it on; the rest of the broker sees nothing of OpenTelemetry, and while it is off
 * none of it is loaded.
 */
@NullMarked
package dev.writ.broker.trace;

import org.jspecify.annotations.NullMarked;
