/**
 * The exchange: authenticate the agent, resolve its policies, attenuate to the request, record the
 * intent, mint at the target, record the outcome, respond. Each step takes the proof that the step
 * before returned; the proofs ({@link dev.writ.broker.exchange.Agent}, {@link
 * dev.writ.broker.exchange.Grant}, {@link dev.writ.broker.exchange.Intent}) can be made in this
 * package only.
 */
@NullMarked
package dev.writ.broker.exchange;

import org.jspecify.annotations.NullMarked;
