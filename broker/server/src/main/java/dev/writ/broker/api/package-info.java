/**
 * The endpoints of the wire contract: each reads a call, asks the package that knows, and words the
 * answer.
 */
@NullMarked
package dev.writ.broker.api;

import org.jspecify.annotations.NullMarked;
