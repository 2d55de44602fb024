/** What a delivered broker writes and sends: log lines, spans, and never a secret. */
@NullMarked
package dev.writ.broker.telemetry;

import org.jspecify.annotations.NullMarked;
