/**
 * HTTP: one Vert.x server, one virtual thread per request. An endpoint is a function from {@link
 * dev.writ.broker.http.Call} to {@link dev.writ.broker.http.Answer}; errors become RFC 6749 or RFC
 * 9457 bodies here and nowhere else.
 */
@NullMarked
package dev.writ.broker.http;

import org.jspecify.annotations.NullMarked;
