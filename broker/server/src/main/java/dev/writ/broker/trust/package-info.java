/**
 * The trust domain: SPIFFE IDs, the X.509 root with each node's intermediates below it, the SVIDs
 * and server certificates that these issue, and the judgement of what a client presents. Nothing
 * here knows a database or HTTP.
 */
@NullMarked
package dev.writ.broker.trust;

import org.jspecify.annotations.NullMarked;
