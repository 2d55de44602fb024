/**
 * Who calls, and what they may do. Launchers, owners, admins and auditors prove themselves with an
 * access token of a configured OpenID provider, the operator of an embedded broker with a local
 * file, agents with their keys.
 */
@NullMarked
package dev.writ.broker.access;

import org.jspecify.annotations.NullMarked;
