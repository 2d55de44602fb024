/**
 * Keys and what may be done with them: the JCA provider in use, long-lived keys behind a {@link
 * dev.writ.broker.keys.KeyRef} (root, envelope, checkpoint), and the short-lived token keys with
 * their ring and its rules of succession. Nothing here knows a database or HTTP.
 */
@NullMarked
package dev.writ.broker.keys;

import org.jspecify.annotations.NullMarked;
