/**
 * Envelope encryption for keys that can only be asked for: a data key in memory seals and opens,
 * and every sealed value carries that data key wrapped by the envelope key. So its keeper is asked
 * once an hour and not once a value, and its absence stops nothing at once.
 */
@NullMarked
package dev.writ.envelope;

import org.jspecify.annotations.NullMarked;
