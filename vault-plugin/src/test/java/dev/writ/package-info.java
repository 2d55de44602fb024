/** Tests of the key providers as a whole. */
@NullMarked
package dev.writ;

import org.jspecify.annotations.NullMarked;
