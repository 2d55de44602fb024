/** Tests of envelope encryption with a keeper that can be away. */
@NullMarked
package dev.writ.envelope;

import org.jspecify.annotations.NullMarked;
