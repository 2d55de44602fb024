/** The HTTP server by itself, on plain connections. */
@NullMarked
package dev.writ.broker.http;

import org.jspecify.annotations.NullMarked;
