/** Tests of the command line, against a broker that says what the test wants. */
@NullMarked
package dev.writ.broker.cli;

import org.jspecify.annotations.NullMarked;
