/** Work that comes again by the clock. */
@NullMarked
package dev.writ.broker.upkeep;

import org.jspecify.annotations.NullMarked;
