/** Tests on SoftHSM 2. */
@NullMarked
package dev.writ.pkcs11;

import org.jspecify.annotations.NullMarked;
