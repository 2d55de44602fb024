/**
 * The policy language: what an agent may be given, judged against what it asks for. Policies are
 * read, validated and printed here; authority shrinks by intersection and by nothing else. No I/O,
 * no clock, no mutable state.
 */
@NullMarked
package dev.writ.policy;

import org.jspecify.annotations.NullMarked;
