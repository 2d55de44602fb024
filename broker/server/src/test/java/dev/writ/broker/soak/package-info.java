/** Agents at work for a long time, while what they depend on stops and starts. */
@NullMarked
package dev.writ.broker.soak;

import org.jspecify.annotations.NullMarked;
