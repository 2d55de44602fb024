/** Tests against a real OpenBao, and against what it answered once. */
@NullMarked
package dev.writ.vault;

import org.jspecify.annotations.NullMarked;
