/**
 * The tokens that agents carry and the proofs that they make: JWT-SVIDs, access tokens and DPoP
 * proofs. Whatever comes from outside passes a strict reader of compact JWS before Nimbus sees its
 * signature. Nothing here knows a database or HTTP.
 */
@NullMarked
package dev.writ.broker.token;

import org.jspecify.annotations.NullMarked;
