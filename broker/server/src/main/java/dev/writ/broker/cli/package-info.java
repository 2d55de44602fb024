/**
 * The command line, {@code writ}: what people and scripts type. It judges nothing that the broker
 * judges: it asks over HTTPS and shows the answer, but for {@code policy check} and {@code policy
 * try}, which use the policy language as the broker does.
 */
@NullMarked
package dev.writ.broker.cli;

import org.jspecify.annotations.NullMarked;
