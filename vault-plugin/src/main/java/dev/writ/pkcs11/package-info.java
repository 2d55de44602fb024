/**
 * Keys that stay in an HSM or any other token of PKCS#11: {@code pkcs11:token=writ;object=root}
 * (RFC 7512). The module's C functions are called through the JDK's foreign function interface,
 * because the JDK's own key store shows only private keys that have a certificate.
 */
@NullMarked
package dev.writ.pkcs11;

import org.jspecify.annotations.NullMarked;
