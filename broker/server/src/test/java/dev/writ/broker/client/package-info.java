/** Tests of {@code writ-agent}, the program beside an agent, under every shell it is made for. */
@NullMarked
package dev.writ.broker.client;

import org.jspecify.annotations.NullMarked;
