/**
 * Keys that stay in Vault or OpenBao: {@code vault:<transit mount>/<key>}. Signing and the wrapping
 * of data keys happen there; what comes here are public keys, signatures and data keys.
 */
@NullMarked
package dev.writ.vault;

import org.jspecify.annotations.NullMarked;
